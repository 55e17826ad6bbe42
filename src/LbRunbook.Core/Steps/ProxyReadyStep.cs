using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Waits until the proxy on a node answers on its admin interface and can serve: nothing is moved onto one that does not.
/// </summary>
[StepKind("waits until the proxy on a node answers", InRunbooks = true)]
public sealed record ProxyReadyStep(string Node) : Step
{
    protected override StepTraits Traits => StepTraits.Check();

    public override string Describe() => $"check that the proxy on {Node} answers";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(Node);
        var state = await context.Ports.Balancer(node.Name).ReadAsync(cancellation);
        return state.Answers
            ? ProbeResult.Satisfied($"{node.ProxyName} on {Node} answers (pid {state.Pid})")
            : ProbeResult.Needed($"{node.ProxyName} on {Node} does not answer: {state.Error}");
    }
}
