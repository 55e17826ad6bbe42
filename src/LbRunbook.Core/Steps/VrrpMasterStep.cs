using System.Text.Json.Nodes;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Waits until the node's own keepalived has made it master. The address is never added by hand: keepalived would not know of it.
/// </summary>
/// <param name="Node">Who must become master.</param>
/// <param name="Seconds">Its detection time and some.</param>
/// <param name="Back">The move that makes the old one master in an undo.</param>
[StepKind("waits until keepalived makes a node the master of a virtual IP", InRunbooks = true)]
public sealed record VrrpMasterStep(string Vip, string Node, int Seconds, VrrpMoveStep? Back = null) : Step
{
    protected override StepTraits Traits => StepTraits.Check(Seconds);

    public override string Describe() => $"wait up to {Seconds} s until keepalived makes {Node} the master of {Vip}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var vip = context.Fleet.Vip(Vip);
        var state = await context.Ports.Keepalived.ReadAsync(context.Fleet.Node(Node), cancellation);
        if (state is not { Runs: true })
            return ProbeResult.Blocked($"keepalived does not run on {Node}");
        if (state.Frozen)
            return ProbeResult.Blocked($"keepalived on {Node} is frozen");
        return state.InstanceOf(vip) switch
        {
            null => ProbeResult.Blocked($"keepalived on {Node} has no instance with {vip.Address}"),
            { State: VrrpState.Master } i => ProbeResult.Satisfied($"{Node} is the master of {i.Name} ({vip.Address})"),
            var i => ProbeResult.Needed($"{Node} is {i.State.ToString().ToLowerInvariant()} for {i.Name}; it hears another master, or has "
                + $"not missed it long enough ({i.Detection.TotalSeconds:0.0} s)"),
        };
    }

    public override Step? Inverse(JsonNode? before) => Back;
}
