using System.Net;
using System.Text.Json.Nodes;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>The new node passes on to the old one what belongs to its connections. Set before the address arrives, never after.</summary>
/// <param name="Node">The new node.</param>
/// <param name="From">The old node.</param>
/// <param name="Id">Names rules, folder and timer.</param>
/// <param name="Vips">VIP names, separated by commas: one value, so that two equal steps are equal.</param>
/// <param name="Via">The old node's own addresses, in the same order.</param>
/// <param name="Tool">"nft" or "iptables".</param>
/// <param name="Seconds">When the node ends it by itself.</param>
public sealed record HandOverGuardStep(string Node, string From, string Id, string Vips, string Via, string Tool, int Seconds) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Prepare);

    public override string Describe() => $"let {Node} pass packets of {From}'s connections on to it ({Tool})";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        // The rules learn who belongs here from the first packet on: set later they would take connections away from this node.
        foreach (var vip in Vips.Split(','))
            if ((await VipHolding.ReadAsync(context, vip, Node, cancellation)).Held)
                return ProbeResult.Satisfied($"{Node} holds {vip} already: too late to hand it over, and no need");
        var missing = await context.Ports.HandOver.MissingAsync(Part(context), cancellation);
        return missing.Count == 0
            ? ProbeResult.Satisfied($"{Node} passes them on to {From}")
            : ProbeResult.Needed($"missing on {Node}: {string.Join(", ", missing)}", new JsonObject { ["missing"] = missing.Count });
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.HandOver.PrepareAsync(Part(context), cancellation);

    public override Step? Inverse(JsonNode? before) => before is null ? null : new HandOverEndStep(Node, Id);

    private HandOverPart Part(StepContext context) => new()
    {
        Node = context.Fleet.Node(Node),
        Role = HandOverRole.Guard,
        Id = Id,
        Vips = [.. Vips.Split(',').Zip(Via.Split(','), (vip, via) => new HandOverVip(context.Fleet.Vip(vip), IPAddress.Parse(via)))],
        Tool = Tool,
        EndsAfter = TimeSpan.FromSeconds(Seconds),
        About = $"guard {From} {Node} {Vips}",
    };
}

/// <summary>The old node keeps the address on lo for the connections that it has, silent in ARP; it may then lose it on its interface.</summary>
/// <param name="Node">The old node.</param>
/// <param name="To">The new node.</param>
/// <param name="Id">Names folder and timer.</param>
/// <param name="Vips">VIP names, separated by commas.</param>
/// <param name="CloseMap">HAProxy's close map, emptied at the end whoever ends it; null = none.</param>
/// <param name="Seconds">When the node ends it by itself.</param>
public sealed record HandOverKeepStep(string Node, string To, string Id, string Vips, string? CloseMap, int Seconds) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Prepare);

    public override string Describe() => $"keep {Vips} on {Node} for its open connections, silently (on lo)";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        // An address that has left with its connections is not brought back for them.
        foreach (var vip in Vips.Split(','))
            if (!(await VipHolding.ReadAsync(context, vip, Node, cancellation)).Held)
                return ProbeResult.Satisfied($"{Node} does not hold {vip} any more: nothing to keep");
        var missing = await context.Ports.HandOver.MissingAsync(Part(context), cancellation);
        return missing.Count == 0
            ? ProbeResult.Satisfied($"{Node} keeps {Vips} on lo")
            : ProbeResult.Needed($"missing on {Node}: {string.Join(", ", missing)}", new JsonObject { ["missing"] = missing.Count });
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.HandOver.PrepareAsync(Part(context), cancellation);

    public override Step? Inverse(JsonNode? before) => before is null ? null : new HandOverEndStep(Node, Id);

    private HandOverPart Part(StepContext context) => new()
    {
        Node = context.Fleet.Node(Node),
        Role = HandOverRole.Keep,
        Id = Id,
        Vips = [.. Vips.Split(',').Select(vip => new HandOverVip(context.Fleet.Vip(vip), context.Fleet.Vip(vip).Address))],
        EndsAfter = TimeSpan.FromSeconds(Seconds),
        CloseMap = CloseMap,
        About = $"keep {Node} {To} {Vips}",
    };
}

/// <summary>Nothing of a hand-over is left on the node: rules, address on lo, sysctls, timer.</summary>
public sealed record HandOverEndStep(string Node, string Id) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.CleanUp);

    public override string Describe() => $"end the hand-over on {Node}: rules, address on lo, sysctls, timer";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var left = await context.Ports.HandOver.LeftAsync(context.Fleet.Node(Node), Id, cancellation);
        return left.Count == 0
            ? ProbeResult.Satisfied($"nothing of it is left on {Node}")
            : ProbeResult.Needed($"on {Node}: {string.Join(", ", left)}");
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.HandOver.EndAsync(context.Fleet.Node(Node), Id, cancellation);
}

/// <summary>Waits until the old node has no connection on the VIPs any more, or the grace is over.</summary>
public sealed record HandOverWaitStep(string Node, string Vips, int GraceSeconds) : Step
{
    protected override StepTraits Traits => StepTraits.Check(GraceSeconds) with { TimeoutIsFine = true };

    public override string Describe() => $"wait up to {GraceSeconds} s for {Node}'s connections to finish";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(Node);
        var counts = await Task.WhenAll(Vips.Split(',').Select(v => context.Ports.VirtualIps.ConnectionsAsync(node, context.Fleet.Vip(v), cancellation)));
        return counts.Sum() switch
        {
            0 => ProbeResult.Satisfied($"no connection left on {Node}"),
            1 => ProbeResult.Needed($"1 connection left on {Node}"),
            var left => ProbeResult.Needed($"{left} connections left on {Node}"),
        };
    }
}
