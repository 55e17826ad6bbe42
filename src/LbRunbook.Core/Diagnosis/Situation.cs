using LbRunbook.Core.History;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis;

/// <summary>Configuration and observation side by side, with the questions that several rules ask of them.</summary>
internal sealed class Situation(Fleet fleet, Observation observation, IReadOnlyList<PastLook>? history = null)
{
    public Fleet Fleet { get; } = fleet;
    public Observation Seen { get; } = observation;

    /// <summary>What runs here stopped on purpose.</summary>
    public IReadOnlyList<StoppedKeepalived> Stopped { get; init; } = [];

    /// <summary>This look, as it will be remembered.</summary>
    public PastLook Now { get; } = PastLook.Of(observation);

    /// <summary>What is remembered of this window, oldest first; this look is the last one.</summary>
    public IReadOnlyList<PastLook> Looks(TimeSpan window) => [.. (history ?? []).Where(l => l.At < Now.At && Now.At - l.At <= window), Now];

    /// <summary>Observed nodes, best priority first.</summary>
    public IReadOnlyList<(Node Node, NodeObservation Seen)> Nodes { get; } =
        [.. fleet.Nodes
            .Select(n => (Node: n, Seen: observation.Nodes.FirstOrDefault(o => o.Node == n.Name)!))
            .Where(p => p.Seen is not null)
            .OrderByDescending(p => p.Node.Priority)];

    public NodeObservation? Of(Node node) => Seen.Nodes.FirstOrDefault(o => o.Node == node.Name);

    /// <summary>We got in: the facts are there, whatever sudo said.</summary>
    public static bool LoggedIn(NodeObservation node) => node.Reach is Reach.Ok or Reach.SudoNeedsPassword;

    /// <summary>Two independent points of view agree.</summary>
    public static bool IsDown(NodeObservation node) => ReachVerdicts.Of(node) == ReachVerdict.Down;

    /// <summary>Could take traffic now.</summary>
    public static bool Serves(NodeObservation node) =>
        node is { Reachable: true, Proxy.Answers: true, Service: not { Active: false } };

    public IReadOnlyList<Node> HoldersOf(VirtualIp vip)
    {
        var names = Seen.HoldersOf(vip);
        return [.. Nodes.Select(p => p.Node).Where(n => names.Contains(n.Name))];
    }

    public IReadOnlyList<VirtualIp> HeldBy(Node node) =>
        [.. Fleet.Vips.Where(v => Seen.HoldersOf(v).Contains(node.Name))];

    /// <summary>VIPs that no node which we can ask carries, and that do not answer either.</summary>
    public IReadOnlyList<VirtualIp> Orphans =>
        [.. Fleet.Vips.Where(v => HoldersOf(v).Count == 0 && Of(v) is not { Through.Healthy: true })];

    /// <summary>Clients depend on it: it carries a VIP, or nobody is seen to carry one.</summary>
    public bool CarriesTraffic(Node node) =>
        HeldBy(node).Count > 0 || Fleet.Vips.Count == 0 || Fleet.Vips.All(v => HoldersOf(v).Count == 0);

    public VipObservation? Of(VirtualIp vip) => Seen.Vips.FirstOrDefault(v => v.Vip == vip.Name);

    /// <summary>The node to fail over to: reachable, its proxy answers, best priority.</summary>
    public Node? BestStandby(params IReadOnlyCollection<Node> except) =>
        Nodes.Where(p => !except.Contains(p.Node) && Serves(p.Seen)).Select(p => p.Node).FirstOrDefault();

    /// <summary>The command that moves a node's traffic away, or null when there is nowhere to move it to.</summary>
    public string? Failover(Node from) =>
        BestStandby(from) is { } to ? $"lbctl failover {from.Name} {to.Name}" : null;

    /// <summary>Nothing at all answers: more likely our own network than everything at once.</summary>
    public bool BlindHere => IsBlind(Seen);

    /// <summary>
    /// We reach nothing: no node, no virtual IP, no backend, and nothing of what else was tried (witnesses, the router on the way).
    /// </summary>
    public static bool IsBlind(Observation seen) =>
        seen.Nodes.Count > 0
        && seen.Nodes.All(n => !LoggedIn(n) && n.TcpAnswers != true && n.WireAnswers != true && n.DirectCheck is not { Healthy: true })
        && seen.Vips.All(v => v.Through is not { Healthy: true } && v.WireMacs is not { Count: > 0 })
        && seen.Pools.SelectMany(p => p.Backends).All(b => b.FromHere is not { Healthy: true })
        && !seen.Surroundings.Any(s => s.Answers)
        // What a witness said over SSH proves that we reached it.
        && !seen.Nodes.SelectMany(n => n.WireVantages).Any(v => v != Vantage.Here);
}

internal static class Vantage
{
    /// <summary>This machine, as a point of view.</summary>
    public const string Here = "here";
}
