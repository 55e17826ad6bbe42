using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>The node carries the VIP.</summary>
/// <param name="RequireProxy">Refuse while the proxy there does not answer: an address in front of nothing is an outage.</param>
/// <param name="Unheld">Nobody had it: an undo leaves it where it serves, instead of nowhere.</param>
[StepKind("adds a virtual IP to a node")]
public sealed record VipAddStep(
    string Vip, string Node, bool RequireProxy = true,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Unheld = false) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Make);

    public override string Describe() => $"add the virtual IP {Vip} on {Node}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var holding = await VipHolding.ReadAsync(context, Vip, Node, cancellation);
        if (holding.DadFailed)
            return ProbeResult.Blocked($"{holding.Cidr} on {Node} failed duplicate address detection: another host has it, and the "
                + "kernel does not use it here");
        // Duplicate detection is still running: until it ends the kernel does not answer for it.
        if (holding.Tentative)
            return ProbeResult.Needed(holding.Detail, holding.Before);
        if (holding.Held)
            return ProbeResult.Satisfied(holding.Detail, holding.Before);
        if (RequireProxy)
        {
            var node = context.Fleet.Node(Node);
            var proxy = await context.Ports.Balancer(node.Name).ReadAsync(cancellation);
            if (!proxy.Answers)
                return ProbeResult.Blocked($"{node.ProxyName} on {Node} does not answer ({proxy.Error}); the address would lead nowhere");
        }
        return ProbeResult.Needed(holding.Detail, holding.Before);
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.VirtualIps.AddAsync(context.Fleet.Node(Node), context.Fleet.Vip(Vip), cancellation);

    public override Step? Inverse(JsonNode? before) =>
        !Unheld && (bool?)before?["held"] == false ? new VipRemoveStep(Vip, Node) : null;
}
