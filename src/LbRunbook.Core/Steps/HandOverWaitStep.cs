using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>Waits until the old node has no connection on the VIPs any more, or the grace is over.</summary>
[StepKind("waits until the old node's connections have finished")]
public sealed record HandOverWaitStep(string Node, string Vips, int GraceSeconds) : Step
{
    protected override StepTraits Traits => StepTraits.Check(GraceSeconds) with { TimeoutIsFine = true, WayBack = WayBack.Unwanted };

    public override string Describe() => $"wait up to {GraceSeconds} s for {Node}'s connections to finish";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(Node);
        var counts = await Task.WhenAll(Vips.Split(',')
            .Select(v => context.Ports.VirtualIps.ConnectionsAsync(node, context.Fleet.Vip(v), cancellation)));
        return counts.Sum() switch
        {
            0 => ProbeResult.Satisfied($"no connection left on {Node}"),
            1 => ProbeResult.Needed($"1 connection left on {Node}"),
            var left => ProbeResult.Needed($"{left} connections left on {Node}"),
        };
    }
}
