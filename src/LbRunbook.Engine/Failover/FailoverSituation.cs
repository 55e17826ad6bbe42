using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Engine.Failover.HandOver;

namespace LbRunbook.Engine.Failover;

/// <summary>The observation, read with the eyes of one failover.</summary>
internal sealed class FailoverSituation(Fleet fleet, FailoverFacts facts, FailoverRequest request)
{
    public FailoverRequest Request { get; } = request;
    public FailoverFacts Facts { get; } = facts;
    public NodeObservation From { get; } = facts.Observation.Node(request.From.Name);
    public NodeObservation To { get; } = facts.Observation.Node(request.To.Name);

    public IReadOnlyList<VirtualIp> Vips => fleet.Vips;

    public ManagedVips Keepalived => new(this);

    /// <summary>Serves, by its own word or by a direct answer: either is enough to treat it with care.</summary>
    public bool FromServes => From.Reachable && (From.Proxy is { Answers: true } || From.DirectCheck is { Healthy: true });

    public FailoverMode Mode => !From.Reachable ? (Holder == HolderAction.Fence ? FailoverMode.FenceFirst : FailoverMode.HostGone)
        : FromServes && !Request.Emergency ? FailoverMode.Planned
        : FailoverMode.RemoveFirst;

    /// <summary>This machine reaches nothing: no statement about the cluster is possible.</summary>
    public bool ObserverIsolated => Situation.IsBlind(Facts.Observation);

    /// <summary>All who were asked together; where that is not enough, somebody who answers for its address is taken for FROM.</summary>
    public ReachVerdict FromVerdict =>
        ReachVerdicts.Of(From) is var verdict && verdict == ReachVerdict.Undecided && VipsAnsweredByAnother.Count > 0
            ? ReachVerdict.Alive
            : verdict;

    /// <summary>
    /// MACs that answer for a VIP although neither a node that we can ask nor a living FROM (whose own MAC sudo may hide) would explain
    /// them.
    /// </summary>
    public IReadOnlyList<(VirtualIp Vip, IReadOnlyList<string> Macs)> Strangers =>
        FromVerdict == ReachVerdict.Alive || From.Reach == Reach.SudoNeedsPassword ? [] :
    [
        .. VipsToMove.Select(v => (v, (IReadOnlyList<string>)[.. (WireOf(v) ?? []).Except(KnownMacs)])).Where(p => p.Item2.Count > 0),
    ];

    public bool HasFence => !Request.NoFence && Request.From.Fence.Any(m => m.Available);

    /// <summary>What may be done about FROM, by <see cref="HolderRule"/>.</summary>
    public HolderAction Holder =>
        HolderRule.Decide(new(FromVerdict, ObserverIsolated, HasFence, Request.AcceptSplitBrain, Request.Unattended, Request.CanAsk));

    /// <summary>Null = the planned move resets what is open.</summary>
    public HandOverFacts? HandsOver =>
        Mode == FailoverMode.Planned && VipsToMove.Count > 0 && Facts.HandOver is { WhyNot: null } facts ? facts : null;

    /// <summary>Parts of earlier hand-overs that are still there on the two nodes.</summary>
    public IReadOnlyList<(string Node, HandOverLeft Left)> EarlierHandOvers =>
        [.. ((NodeObservation[])[From, To]).Where(n => n.Reachable).SelectMany(n => n.HandOvers.Select(h => (n.Node, h)))];

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

    /// <summary>What this failover is about. Nothing left to move: the same command again proves that it holds.</summary>
    public IReadOnlyList<VirtualIp> Moving => VipsToMove is { Count: > 0 } moving ? moving : VipsOnTarget;

    public IReadOnlyList<VirtualIp> VipsOnTarget =>
        [.. fleet.Vips.Where(v => Facts.Observation.HoldersOf(v).Contains(Request.To.Name))];

    /// <summary>Nobody has it, and FROM could be asked.</summary>
    public bool IsUnheld(VirtualIp vip) => From.Reachable && Facts.Observation.HoldersOf(vip).Count == 0;

    /// <summary>
    /// An undo brings it back to FROM: only what FROM had alone. What both had stays where it is, for nobody wants a duplicate again, and
    /// what nobody had stays where it serves. What a FROM that cannot be asked had is taken to be its own.
    /// </summary>
    public bool ComesBack(VirtualIp vip) =>
        !From.Reachable || (Facts.Observation.HoldersOf(vip) is var holders && holders.Contains(Request.From.Name)
            && !holders.Contains(Request.To.Name));

    /// <summary>
    /// Who must answer for it after an undo: what was on both stays on TO. Null = keepalived's own election decides, or nobody can say.
    /// </summary>
    public string? AnswersInUndo(VirtualIp vip) => Mode switch
    {
        FailoverMode.HostGone or FailoverMode.FenceFirst => null,
        _ when Keepalived.Owns(vip) && !Keepalived.FromRuns && !Keepalived.ComeBackByHand => null,
        _ when ComesBack(vip) => Request.From.Name,
        _ when VipsOnTarget.Contains(vip) && !Keepalived.Owns(vip) => Request.To.Name,
        _ => null,
    };

    /// <summary>VIPs that only nodes other than FROM and TO hold.</summary>
    public IReadOnlyList<(VirtualIp Vip, string Holder)> VipsElsewhere =>
    [
        .. fleet.Vips.Select(v => (v, Facts.Observation.HoldersOf(v).FirstOrDefault(h => h != Request.From.Name && h != Request.To.Name)))
            .Where(p => p.Item2 is not null).Select(p => (p.v, p.Item2!)),
    ];

    /// <summary>VIPs to move that a third node carries as well.</summary>
    public IReadOnlyList<(VirtualIp Vip, string Holder)> ThirdHolders =>
        [.. VipsToMove.SelectMany(v =>
            Facts.Observation.HoldersOf(v).Where(h => h != Request.From.Name && h != Request.To.Name).Select(h => (v, h)))];

    private IEnumerable<string> KnownMacs => Facts.Observation.Nodes.Where(n => n.Reachable).SelectMany(n => n.Macs.Values);

    private IReadOnlyList<string>? WireOf(VirtualIp vip) =>
        Facts.Observation.Vips.FirstOrDefault(v => v.Vip == vip.Name)?.WireMacs;
}
