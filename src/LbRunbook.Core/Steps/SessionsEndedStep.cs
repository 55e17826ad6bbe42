using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>Waits until nobody is connected to a node's service port any more, or the grace is over.</summary>
[StepKind("waits until nobody is connected to a port of a node", InRunbooks = true)]
public sealed record SessionsEndedStep(string Node, int Port, int GraceSeconds) : Step
{
    protected override StepTraits Traits => StepTraits.Check(GraceSeconds) with { TimeoutIsFine = true };

    public override string Describe() => $"wait up to {GraceSeconds} s for the sessions on {Node} port {Port} to end";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var left = await context.Ports.VirtualIps.SessionsAsync(context.Fleet.Node(Node), Port, cancellation);
        return left == 0 ? ProbeResult.Satisfied($"no session left on {Node}") : ProbeResult.Needed($"{left} sessions left on {Node}");
    }
}
