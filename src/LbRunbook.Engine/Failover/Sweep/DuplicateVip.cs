using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Failover.Sweep;

/// <summary>One VIP on several nodes: who keeps it, who loses it, and how.</summary>
internal sealed class DuplicateVip
{
    private readonly Situation _situation;
    private readonly SweepRequest _request;

    public DuplicateVip(Situation situation, VirtualIp vip, SweepRequest request)
    {
        (_situation, Vip, _request) = (situation, vip, request);
        Holders = situation.HoldersOf(vip);
        Rightful = Decide();
        // Named: that node alone. Else everybody but the rightful one.
        Extra = [.. Holders.Where(h => request.Node is { } named ? h == named : h != Rightful.Node)];
    }

    public VirtualIp Vip { get; }
    public IReadOnlyList<Node> Holders { get; }
    public RightfulHolder Rightful { get; }
    public IReadOnlyList<Node> Extra { get; }

    public IEnumerable<Refusal> Refusals()
    {
        var where = $"{Vip.Name} ({Vip.Address}) is on {string.Join(" and ", Holders.Select(h => h.Name))}";
        if (Rightful.Node is null)
        {
            yield return new("rightful-holder",
                $"{where}, and it cannot be told who keeps it: {Rightful.Why}. Name the node that loses it "
                    + $"({string.Join(" or ", Holders.Select(h => $"lbctl failover --sweep {h.Name}"))})",
                Next: $"lbctl failover --sweep {Holders[^1].Name}");
            yield break;
        }
        foreach (var node in Extra.Where(n => OwnedByKeepalived(n) && !MayStop(n)))
            yield return new("keepalived",
                $"{where}; keepalived owns it on {node.Name} and would take it back within a second: its own election has to move it",
                Next: $"lbctl failover {node.Name} {Rightful.Node.Name}");
        foreach (var node in Extra.Where(n => _situation.Of(n) is { Reachable: false }))
            yield return new("holders-reachable", $"{where}; {node.Name} cannot be changed: {_situation.Of(node)!.ReachDetail}",
                Next: "lbctl assess");
    }

    /// <summary>The clients go to the rightful holder first, then the other one loses the address, then they hear it once more.</summary>
    public IEnumerable<PlannedStep> Steps()
    {
        var announce = new VipAnnounceStep(Vip.Name, Rightful.Node!.Name);
        yield return new(announce);
        foreach (var node in Extra)
            foreach (var step in OwnedByKeepalived(node) ? Stopped(node) : [new VipRemoveStep(Vip.Name, node.Name)])
                yield return new(step, HoldAfter: true);
        yield return new(announce);
    }

    /// <summary>Two masters do not hear each other: no election ends that, and one of them is stopped until they do again.</summary>
    private Step[] Stopped(Node node) =>
    [
        new VrrpServiceStep(node.Name, Active: false, Kill: _situation.Of(node)!.Keepalived!.Frozen, StaysStopped: true),
        new VrrpSweepStep(Vip.Name, node.Name),
    ];

    private bool MayStop(Node node) => _situation.Of(node) is { Reachable: true, Keepalived: { RunBy: null, Error: null } }
        && _situation.Of(Rightful.Node!)?.Keepalived?.InstanceOf(Vip) is { State: VrrpState.Master };

    private bool OwnedByKeepalived(Node node) => _situation.Of(node) is { KeepalivedRuns: true } seen
        && (seen.Keepalived is not { Error: null } known || known.InstanceOf(Vip) is not null);

    private RightfulHolder Decide()
    {
        if (_request.Node is not { } named || !Holders.Contains(named))
            return RightfulHolder.Of(_situation, Vip, Holders, _request.LastMadeHolder);
        // Somebody who serves has to be left.
        var others = Holders.Where(h => h != named).ToList();
        return RightfulHolder.Of(_situation, Vip, others, _request.LastMadeHolder) is { Node: { } left }
            ? new(left, $"{named.Name} was named to lose it")
            : new(null, $"without {named.Name} nobody would serve it");
    }
}
