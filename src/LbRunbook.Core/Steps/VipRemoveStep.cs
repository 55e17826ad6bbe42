using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>The node does not carry the VIP.</summary>
/// <param name="RequireOtherHolder">Refuse while no other node carries it: an address on no node is an outage.</param>
[StepKind("removes a virtual IP from a node")]
public sealed record VipRemoveStep(string Vip, string Node, bool RequireOtherHolder = true) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Break);

    public override string Describe() => $"remove the virtual IP {Vip} from {Node}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var holding = await VipHolding.ReadAsync(context, Vip, Node, cancellation);
        if (!holding.Held)
            return ProbeResult.Satisfied(holding.Detail, holding.Before);
        if (RequireOtherHolder && !await IsHeldElsewhereAsync(context, cancellation))
            return ProbeResult.Blocked($"no other node holds {Vip}; removing it from {Node} would leave it nowhere");
        return ProbeResult.Needed(holding.Detail, holding.Before);
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.VirtualIps.RemoveAsync(context.Fleet.Node(Node), context.Fleet.Vip(Vip), cancellation);

    public override Step? Inverse(JsonNode? before) => (bool?)before?["held"] == true ? new VipAddStep(Vip, Node) : null;

    /// <summary>A node that cannot be asked is not a holder: what it holds serves nobody whom we could be sure of.</summary>
    private async Task<bool> IsHeldElsewhereAsync(StepContext context, CancellationToken cancellation)
    {
        var asked = context.Fleet.Nodes.Where(n => n.Name != Node).Select(async other =>
        {
            try
            {
                return (await VipHolding.ReadAsync(context, Vip, other.Name, cancellation)).Held;
            }
            catch (AdapterException)
            {
                return false;
            }
        }).ToList();
        while (asked.Count > 0)
        {
            var next = await Task.WhenAny(asked);
            if (await next)
                return true;
            asked.Remove(next);
        }
        return false;
    }
}
