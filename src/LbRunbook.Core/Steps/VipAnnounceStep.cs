using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Tells the segment that the VIP is now at this node: without it Linux clients keep the old MAC for half a minute or more.
/// </summary>
/// <param name="ReturnTo">Who announces in an undo, and is quiet from now on; null = nobody.</param>
/// <param name="OldIsGone">Nobody answers there who could be asked to be quiet: clients do not wait for that.</param>
[StepKind("tells the segment where a virtual IP is now", InRunbooks = true)]
public sealed record VipAnnounceStep(
    string Vip, string Node, string? ReturnTo = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OldIsGone = false) : Step
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    protected override StepTraits Traits => StepTraits.Change(StepPhase.Announce) with { Verifiable = false };

    public override string Describe() => $"announce {Vip} from {Node} now, after 1 s and after 5 s";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var holding = await VipHolding.ReadAsync(context, Vip, Node, cancellation);
        return holding.Held
            ? ProbeResult.Needed($"{Node} announces {Vip}")
            : ProbeResult.Satisfied($"{holding.Detail}: nothing to announce");
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        if (ReturnTo is { } old && !OldIsGone)
            await QuietAsync(context, context.Fleet.Node(old), cancellation);
        await context.Ports.VirtualIps.AnnounceAsync(context.Fleet.Node(Node), context.Fleet.Vip(Vip), cancellation);
    }

    /// <summary>Best effort, and only for a moment: it may have died meanwhile.</summary>
    private async Task QuietAsync(StepContext context, Model.Node old, CancellationToken cancellation)
    {
        try
        {
            await context.Ports.VirtualIps.QuietAsync(old, context.Fleet.Vip(Vip), cancellation)
                .WaitAsync(Patience, context.Time, cancellation);
        }
        catch (Exception e) when (e is AdapterException or TimeoutException)
        {
            // Its repeats stop by themselves when it loses the address.
        }
    }

    public override Step? Inverse(JsonNode? before) =>
        ReturnTo is null ? null : new VipAnnounceStep(Vip, ReturnTo, Node);
}
