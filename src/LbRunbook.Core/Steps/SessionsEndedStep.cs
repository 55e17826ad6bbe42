using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>Waits until nobody is connected to the VIP on a node any more, or the grace is over.</summary>
public sealed record SessionsEndedStep(string Vip, string Node, int GraceSeconds) : Step
{
    public override bool Changes => false;
    public override TimeSpan Timeout => TimeSpan.FromSeconds(GraceSeconds);

    public override string Describe() => $"wait up to {GraceSeconds} s for the sessions of {Vip} on {Node} to end";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var left = await context.Ports.VirtualIps.ConnectionsAsync(context.Fleet.Node(Node), context.Fleet.Vip(Vip), cancellation);
        return left == 0 ? ProbeResult.Satisfied($"no session left on {Node}") : ProbeResult.Needed($"{left} sessions left on {Node}");
    }
}
