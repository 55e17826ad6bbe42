using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Failover.Moves;

/// <summary>keepalived owns the addresses: it is made to elect TO, and nobody touches an address while it runs.</summary>
internal sealed class KeepalivedMove(FailoverSituation now) : IMove
{
    private readonly ManagedVips _keepalived = now.Keepalived;
    private readonly string _from = now.Request.From.Name;
    private readonly string _to = now.Request.To.Name;

    private bool Frozen => _keepalived.From is { Frozen: true };

    public string Manner => now.Mode switch
    {
        FailoverMode.HostGone or FailoverMode.FenceFirst =>
            $"emergency, {_from} is not reachable; keepalived on {_to} takes over by itself",
        _ when !_keepalived.FromRuns => $"keepalived does not run on {_from}; the one on {_to} takes over",
        _ when Frozen => $"emergency, keepalived on {_from} is frozen",
        FailoverMode.Planned when now.HandsOver is null => $"planned, keepalived elects {_to}; {_from} serves until then",
        FailoverMode.Planned => $"planned, keepalived elects {_to}; {_from} finishes the connections that it has",
        _ when now.FromServes => $"emergency, as asked; keepalived on {_from} is stopped",
        _ => $"emergency, the proxy on {_from} does not serve; keepalived there is stopped",
    };

    public IEnumerable<PlannedStep> Steps(VirtualIp vip) => Steps([vip]);

    /// <summary>All at once: the election takes seconds, and instances may be bound to each other by a sync group.</summary>
    public IEnumerable<PlannedStep> Steps(IReadOnlyList<VirtualIp> vips)
    {
        if (vips.Count == 0)
            return [];
        List<PlannedStep> steps = _keepalived.ToRuns
            ? []
            : [new(new VrrpServiceStep(_to, Active: true, RequireProxy: !now.Request.AcceptUnhealthyTarget))];
        steps.AddRange(now.Mode switch
        {
            FailoverMode.HostGone or FailoverMode.FenceFirst => Wait(vips, null),
            FailoverMode.Planned when _keepalived.FromRuns && !Frozen => [new(_keepalived.Move(vips)!)],
            // Only its VRRP is dead: it serves until TO has taken over.
            FailoverMode.Planned => [.. Stop(vips), .. Wait(vips, Back(vips)), .. Sweep(vips)],
            _ => [.. Stop(vips), .. Sweep(vips), .. Wait(vips, Back(vips))],
        });
        return steps;
    }

    private IEnumerable<PlannedStep> Stop(IReadOnlyList<VirtualIp> vips) =>
        _keepalived.FromRuns
            ? [new(new VrrpServiceStep(_from, Active: false, Kill: Frozen, StaysStopped: MadeDuplicates(vips)), HoldAfter: true)]
            : [];

    /// <summary>
    /// TO has all of them as well: VRRP does not pass, or FROM's is frozen, and started again it would take them once more.
    /// </summary>
    private bool MadeDuplicates(IReadOnlyList<VirtualIp> vips) =>
        vips.All(now.VipsOnTarget.Contains) && (Frozen || vips.Any(v => now.Facts.Observation.HoldersOf(v).Contains(_from)));

    private IEnumerable<PlannedStep> Sweep(IReadOnlyList<VirtualIp> vips) =>
        vips.SelectMany(v => _keepalived.ComeBackByHand
            ? [new PlannedStep(new VrrpSweepStep(v.Name, _from, Returns: true), HoldAfter: true),
                new(new VipAnnounceStep(v.Name, _to, ReturnTo: _from))]
            : new[] { new PlannedStep(new VrrpSweepStep(v.Name, _from), HoldAfter: true) });

    private IEnumerable<PlannedStep> Wait(IReadOnlyList<VirtualIp> vips, VrrpMoveStep? back) =>
        vips.Select((v, i) =>
            new PlannedStep(new VrrpMasterStep(v.Name, _to, _keepalived.Seconds(vips), i == 0 ? back : null), HoldAfter: true));

    /// <summary>
    /// In an undo keepalived is started on FROM first; with nopreempt it would only stand by. A keepalived on TO that was started for the
    /// move is stopped again, and needs no election to give its addresses back.
    /// </summary>
    private VrrpMoveStep? Back(IReadOnlyList<VirtualIp> vips) =>
        (_keepalived.FromRuns ? _keepalived.Move(vips)?.Inverse(_keepalived.Before(vips)) : null) is VrrpMoveStep back
        ? back with { Pairs = _keepalived.ToRuns ? back.Pairs : [] }
        : null;
}
