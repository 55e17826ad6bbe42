using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Takes away what a killed keepalived left on the interface: it answers ARP for ever, and nobody owns it any more.
/// The one case in which a managed address is removed by hand, and only while no keepalived runs there.
/// </summary>
/// <param name="Returns">No keepalived ran there and it was the only holder: an undo gives it back by hand, as nobody else would.</param>
[StepKind("takes away an address that a killed keepalived left behind")]
public sealed record VrrpSweepStep(
    string Vip, string Node,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Returns = false) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Break);

    public override string Describe() => $"make sure that {Node} was not left with {Vip}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var holding = await VipHolding.ReadAsync(context, Vip, Node, cancellation);
        if (!holding.Held)
            return ProbeResult.Satisfied(holding.Detail, holding.Before);
        if (await context.Ports.Keepalived.ReadAsync(context.Fleet.Node(Node), cancellation) is { Runs: true })
            return ProbeResult.Blocked($"keepalived runs on {Node} and would put {Vip} back within a second");
        return ProbeResult.Needed($"{holding.Detail}, and no keepalived runs there", holding.Before);
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.VirtualIps.RemoveAsync(context.Fleet.Node(Node), context.Fleet.Vip(Vip), cancellation);

    /// <summary>Nobody wants a leftover back; the address itself comes back with keepalived.</summary>
    public override Step? Inverse(JsonNode? before) => Returns && (bool?)before?["held"] == true ? new VipAddStep(Vip, Node) : null;
}
