using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Cli.Verbs.Failover;

/// <summary>The observation, read with the eyes of one failover.</summary>
internal sealed class FailoverSituation(Fleet fleet, FailoverFacts facts, FailoverRequest request)
{
    public FailoverRequest Request { get; } = request;
    public FailoverFacts Facts { get; } = facts;
    public NodeObservation From { get; } = facts.Observation.Node(request.From.Name);
    public NodeObservation To { get; } = facts.Observation.Node(request.To.Name);

    /// <summary>Serves, by its own word or by a direct answer: either is enough to treat it with care.</summary>
    public bool FromServes => From.Reachable && (From.Proxy is { Answers: true } || From.DirectCheck is { Healthy: true });

    public FailoverMode Mode => !From.Reachable ? FailoverMode.HostGone
        : FromServes && !Request.Emergency ? FailoverMode.Planned
        : FailoverMode.RemoveFirst;

    /// <summary>Signs of life of a FROM that SSH does not reach. Null = nobody on its segment could look.</summary>
    public bool? FromIsAlive =>
        From.TcpAnswers == true || From.WireAnswers == true || VipsAnsweredByAnother.Count > 0 ? true
        : From.WireAnswers is null ? null : false;

    /// <summary>VIPs for which a MAC answers on the wire that is none of the reachable nodes'.</summary>
    public IReadOnlyList<string> VipsAnsweredByAnother =>
    [
        .. fleet.Vips.Where(v => WireOf(v) is { } macs && macs.Except(KnownMacs).Any()).Select(v => v.Name),
    ];

    /// <summary>FROM's VIPs, and those that nobody whom we can ask holds.</summary>
    public IReadOnlyList<VirtualIp> VipsToMove =>
    [
        .. fleet.Vips.Where(v =>
        {
            var holders = Facts.Observation.HoldersOf(v);
            return holders.Contains(Request.From.Name) || holders.Count == 0;
        }),
    ];

    public IReadOnlyList<VirtualIp> VipsOnTarget =>
        [.. fleet.Vips.Where(v => Facts.Observation.HoldersOf(v).Contains(Request.To.Name))];

    /// <summary>VIPs that only nodes other than FROM and TO hold.</summary>
    public IReadOnlyList<(VirtualIp Vip, string Holder)> VipsElsewhere =>
    [
        .. fleet.Vips.Select(v => (v, Facts.Observation.HoldersOf(v).FirstOrDefault(h => h != Request.From.Name && h != Request.To.Name)))
            .Where(p => p.Item2 is not null).Select(p => (p.v, p.Item2!)),
    ];

    private IEnumerable<string> KnownMacs => Facts.Observation.Nodes.Where(n => n.Reachable).SelectMany(n => n.Macs.Values);

    private IReadOnlyList<string>? WireOf(VirtualIp vip) =>
        Facts.Observation.Vips.FirstOrDefault(v => v.Vip == vip.Name)?.WireMacs;
}
