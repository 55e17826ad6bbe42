using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>
/// The proof: a third host gets its answer for the VIP from this node and from no other, and the VIP's check passes through it.
/// </summary>
/// <param name="Node">Who must answer.</param>
/// <param name="ReturnTo">Who must answer after an undo; null = not checked then.</param>
[StepKind("proves from a third place that a node answers for a virtual IP", InRunbooks = true)]
public sealed record VipAnswersStep(string Vip, string Node, string? ReturnTo = null) : Step
{
    protected override StepTraits Traits => StepTraits.Check();

    public override string Describe() => $"verify from a third place that {Node} answers for {Vip}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var vip = context.Fleet.Vip(Vip);
        var node = context.Fleet.Node(Node);
        var wire = context.Ports.Wire.WhoHasAsync(vip, ReturnTo is null ? [Node] : [Node, ReturnTo], cancellation);
        var check = vip.EffectiveCheck;
        var through = context.Ports.HealthChecks.CheckAsync(check, vip.Address.ToString(), vip.Port, TimeSpan.FromSeconds(1),
            cancellation);
        var mac = context.Ports.VirtualIps.MacAsync(node, vip.InterfaceOn(node), cancellation);
        await Task.WhenAll(wire, through, mac);

        if (await wire is { } answer)
        {
            var wrong = answer.Macs.Where(m => m != mac.Result).ToList();
            if (wrong.Count > 0)
                return ProbeResult.Needed($"{string.Join(", ", wrong)} answers for {vip.Address} besides {Node} ({mac.Result}), "
                    + $"seen from {answer.Vantage}");
            if (answer.Macs.Count == 0)
                return ProbeResult.Needed($"nobody answers for {vip.Address} on the wire, asked from {answer.Vantage}");
        }
        var result = await through;
        if (!result.Healthy)
            return ProbeResult.Needed($"{vip.Address} does not serve: {result.Detail}");
        var seenFrom = wire.Result is { } seen
            ? $"{Node} ({mac.Result}) answers for {vip.Address}, seen from {seen.Vantage}"
            : $"{vip.Address} serves; nobody on its segment could tell which node answers";
        return ProbeResult.Satisfied($"{seenFrom}; {result.Detail}");
    }

    public override Step? Inverse(JsonNode? before) =>
        ReturnTo is null ? null : new VipAnswersStep(Vip, ReturnTo, Node);
}
