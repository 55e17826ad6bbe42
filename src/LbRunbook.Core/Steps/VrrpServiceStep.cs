using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// keepalived runs on the node, or not. Stopped politely it says so on the wire, and the next master takes over within its skew time.
/// </summary>
/// <param name="Kill">For a frozen process, which must not be continued first.</param>
/// <param name="RequireProxy">Refuse to start it in front of a dead proxy: it would take the addresses to where nobody serves.</param>
/// <param name="UnlessLast">It goes on where nobody else would have its addresses: stopped, it would leave them nowhere.</param>
/// <param name="StaysStopped">It made a duplicate: not started again in an undo, which would make it once more.</param>
[StepKind("starts or stops keepalived on a node")]
public sealed record VrrpServiceStep(
    string Node, bool Active, bool Kill = false, bool RequireProxy = true,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool UnlessLast = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool StaysStopped = false) : Step
{
    protected override StepTraits Traits => StepTraits.Change(Active ? StepPhase.Make : StepPhase.Break, seconds: 20);

    public override string Describe() =>
        $"{(Active ? "start" : Kill ? "kill the frozen" : "stop")} keepalived on "
            + $"{Node}{(UnlessLast ? ", unless nobody else has its addresses" : "")}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(Node);
        var state = await context.Ports.Keepalived.ReadAsync(node, cancellation);
        var runs = state is { Runs: true };
        var before = new JsonObject { ["active"] = runs };
        var detail = $"keepalived on {Node} {(state is { Frozen: true } ? "is frozen" : runs ? "runs" : "does not run")}";
        if (runs == Active)
            return ProbeResult.Satisfied(detail, before);
        if (Active && RequireProxy && await context.Ports.Balancer(node.Name).ReadAsync(cancellation) is { Answers: false } proxy)
            return ProbeResult.Blocked($"{node.ProxyName} on {Node} does not answer ({proxy.Error}); keepalived "
                + "would take the addresses there");
        if (UnlessLast && await OnlyHereAsync(context, state!, cancellation) is { } vip)
            return ProbeResult.Satisfied($"{detail}, and goes on: nobody else would have {vip.Name}", before);
        return ProbeResult.Needed(detail, before);
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(Node);
        if (Active)
        {
            await context.Ports.Keepalived.StartAsync(node, cancellation);
            return;
        }
        var held = UnlessLast && await context.Ports.Keepalived.ReadAsync(node, cancellation) is { } state
            ? context.Fleet.Vips.Where(v => state.InstanceOf(v) is { Holds: true }).ToList()
            : [];
        await context.Ports.Keepalived.StopAsync(node, Kill, cancellation);
        foreach (var vip in held)
            foreach (var other in context.Fleet.Nodes.Where(n => n.Name != Node))
                await TellAsync(context, other, vip, cancellation);
    }

    /// <summary>Whoever had stopped it may have had a reason: it is stopped again, but never as the last one that has an address.</summary>
    public override Step? Inverse(JsonNode? before) => ((bool?)before?["active"], Active) switch
    {
        (true, false) when !StaysStopped => new VrrpServiceStep(Node, Active: true),
        (false, true) => new VrrpServiceStep(Node, Active: false, UnlessLast: true),
        _ => null,
    };

    /// <returns>An address that it holds, and that no other node holds or would take over.</returns>
    private async Task<VirtualIp?> OnlyHereAsync(StepContext context, KeepalivedState here, CancellationToken cancellation)
    {
        foreach (var vip in context.Fleet.Vips.Where(v => here.InstanceOf(v) is { Holds: true }))
        {
            var others = await Task.WhenAll(context.Fleet.Nodes.Where(n => n.Name != Node)
                .Select(n => WouldHoldAsync(context, n, vip, cancellation)));
            if (!others.Any(o => o))
                return vip;
        }
        return null;
    }

    private static async Task<bool> WouldHoldAsync(StepContext context, Node other, VirtualIp vip, CancellationToken cancellation)
    {
        try
        {
            return await context.Ports.Keepalived.ReadAsync(other, cancellation) is { Runs: true, Frozen: false } state
                && state.InstanceOf(vip) is { State: not VrrpState.Fault }
                || (await VipHolding.ReadAsync(context, vip.Name, other.Name, cancellation)).Held;
        }
        catch (AdapterException)
        {
            return false;
        }
    }

    /// <summary>A keepalived tells the clients itself; an address that is there by hand has nobody who would.</summary>
    private static async Task TellAsync(StepContext context, Node other, VirtualIp vip, CancellationToken cancellation)
    {
        try
        {
            if (await context.Ports.Keepalived.ReadAsync(other, cancellation) is not { Runs: true }
                && (await VipHolding.ReadAsync(context, vip.Name, other.Name, cancellation)).Held)
                await context.Ports.VirtualIps.AnnounceAsync(other, vip, cancellation);
        }
        catch (AdapterException e)
        {
            context.Note($"{vip.Name} could not be announced from {other.Name}: {e.Message}");
        }
    }
}
