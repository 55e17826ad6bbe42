using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Tells the segment that the VIP is now at this node: without it Linux clients keep the old MAC for half a minute or more.
/// </summary>
/// <param name="Vip">VIP name.</param>
/// <param name="Node">The new holder.</param>
/// <param name="ReturnTo">Who announces in an undo; null = nobody.</param>
public sealed record VipAnnounceStep(string Vip, string Node, string? ReturnTo = null) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Announce) with { Verifiable = false };

    public override string Describe() => $"announce {Vip} from {Node} now, after 1 s and after 5 s";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var holding = await VipHolding.ReadAsync(context, Vip, Node, cancellation);
        return holding.Held
            ? ProbeResult.Needed($"{Node} announces {Vip}")
            : ProbeResult.Satisfied($"{holding.Detail}: nothing to announce");
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.VirtualIps.AnnounceAsync(context.Fleet.Node(Node), context.Fleet.Vip(Vip), cancellation);

    public override Step? Inverse(JsonNode? before) =>
        ReturnTo is null ? null : new VipAnnounceStep(Vip, ReturnTo, Node);
}
