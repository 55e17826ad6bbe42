using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>The node does not carry the VIP.</summary>
public sealed record VipRemoveStep(string Vip, string Node) : Step
{
    public override string Describe() => $"remove the virtual IP {Vip} from {Node}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var holding = await VipHolding.ReadAsync(context, Vip, Node, cancellation);
        if (!holding.Held)
            return ProbeResult.Satisfied(holding.Detail, holding.Before);
        // Undo puts the address back even in front of a dead proxy if that is how it was found.
        var node = context.Fleet.Node(Node);
        var proxy = await context.Ports.LoadBalancers.ReadAsync(node, cancellation);
        holding.Before["proxyAnswered"] = proxy.Answers;
        return ProbeResult.Needed(holding.Detail, holding.Before);
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.VirtualIps.RemoveAsync(context.Fleet.Node(Node), context.Fleet.Vip(Vip), cancellation);

    public override Step? Inverse(JsonNode? before) => (bool?)before?["held"] == true
        ? new VipAddStep(Vip, Node, RequireProxy: (bool?)before["proxyAnswered"] ?? true)
        : null;
}
