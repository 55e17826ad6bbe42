using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Something on the node would accept connections to the VIP. Asked before the address is there: a proxy that is up
/// but bound to another address would turn the move into an outage.
/// </summary>
[StepKind("checks that something on a node listens for a virtual IP", InRunbooks = true)]
public sealed record VipListenStep(string Vip, string Node, int Port) : Step
{
    protected override StepTraits Traits => StepTraits.Check(seconds: 5);

    public override string Describe() => $"check that {Node} listens for {Vip} on port {Port}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var vip = context.Fleet.Vip(Vip);
        return await context.Ports.VirtualIps.ListensAsync(context.Fleet.Node(Node), vip, Port, cancellation)
            ? ProbeResult.Satisfied($"{Node} listens for {vip.Address} on port {Port}")
            : ProbeResult.Needed($"nothing on {Node} listens for {vip.Address} on port {Port}");
    }
}
