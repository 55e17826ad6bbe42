using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Failover;

/// <summary>
/// Reasons why keepalived cannot be asked to move an address that it owns. By hand it is never moved: keepalived would take it back.
/// </summary>
internal static class KeepalivedGuards
{
    public static IEnumerable<Refusal> Check(FailoverSituation now, IReadOnlyList<VirtualIp> vips)
    {
        foreach (var node in ((NodeObservation[])[now.From, now.To])
            .Where(n => n.Keepalived is { Runs: true, Error: not null } && !now.Request.AcceptOtherOwner))
            yield return new("keepalived", $"keepalived runs on {node.Node}, but what it owns is not known: {node.Keepalived!.Error}",
                FailoverGuards.AcceptOtherOwner, "lbctl assess");
        var managed = now.Keepalived;
        if (vips.Count == 0)
            yield break;
        if (managed.To is { Frozen: true })
            yield return new("keepalived-target",
                $"keepalived on {now.Request.To.Name} is frozen (its process is stopped): it cannot take over", Next: "lbctl assess");
        foreach (var vip in vips)
            foreach (var refusal in Of(now, vip))
                yield return refusal;
        if (managed.From is { Runs: true, RunBy: { } keeper } && now.From.Reachable
            && (now.Mode != FailoverMode.Planned || managed.From.Frozen))
            yield return new("keepalived-supervisor",
                $"keepalived on {now.Request.From.Name} would have to be stopped, and it is not run by its unit "
                    + $"({now.Request.From.Keepalived.Service}) but by {keeper}: it would not stop, or be started again. Stop it "
                    + "where it was started (docker stop, supervisorctl stop, by hand), then once more", Next: "lbctl assess");
        if (now.Mode != FailoverMode.Planned || managed.From is not { Runs: true, Frozen: false })
            yield break;
        foreach (var (node, state, instance) in managed.Edited(vips).DistinctBy(e => (e.Node.Name, e.Instance.Name)))
        {
            if (!state.MayEdit)
                yield return new("keepalived-configuration",
                    $"the priority of {instance.Name} on {node.Name} would have to be changed in {state.ConfigPath}, which only root may "
                        + $"write (whoever writes it can run anything as root). With a track_file that {node.Ssh.User ?? "this login"} "
                        + $"may write it could be moved without; keepalived is stopped on {now.Request.From.Name} instead by",
                        "--emergency");
            else if (instance.EditProblem is { } problem)
                yield return new("keepalived-configuration",
                    $"{problem} ({state.ConfigPath} on {node.Name}), so it cannot be changed safely", "--emergency");
        }
    }

    private static IEnumerable<Refusal> Of(FailoverSituation now, VirtualIp vip)
    {
        var (from, to) = (now.Request.From.Name, now.Request.To.Name);
        if (now.Keepalived.To?.InstanceOf(vip) is not { } instance)
        {
            yield return new("keepalived-target", now.Keepalived.To is null
                ? $"keepalived owns {vip.Name} ({vip.Address}) on {from}, but there is no keepalived on {to}: an address that is put "
                    + $"there by hand would be on both as soon as {from} is master again"
                : $"keepalived owns {vip.Name} ({vip.Address}) on {from}, but no vrrp_instance on {to} has that address",
                Next: "lbctl assess");
            yield break;
        }
        if (now.Keepalived.From?.InstanceOf(vip) is { } other && other.RouterId != instance.RouterId)
            yield return new("keepalived-target",
                $"{vip.Name} has virtual_router_id {other.RouterId} on {from} and {instance.RouterId} on {to}: they do not hear each "
                    + "other and would both be master", Next: "lbctl assess");
        if (now.Keepalived.Pair(vip) is { CanBeLowered: false } pair && now.Mode == FailoverMode.Planned)
            yield return new("keepalived-priority",
                $"{to} has priority {pair.To.Usual} for {vip.Name}: nothing that {from} could be given is lower", "--emergency");
        var mine = instance.OriginalPriority ?? instance.Priority;
        foreach (var third in now.Facts.Observation.Nodes.Where(n =>
            n.Node != from && n.Node != to && n.Keepalived is { Runs: true, Frozen: false }))
            if (third.Keepalived!.InstanceOf(vip) is { } rival && (rival.EffectivePriority ?? rival.Priority) >= mine)
                yield return new("keepalived-election",
                    $"{third.Node} (priority {rival.EffectivePriority ?? rival.Priority}) would win the election for "
                        + $"{vip.Name}, not {to} ({mine})", Next: $"lbctl failover {from} {third.Node}");
    }

    /// <summary>What the operator should know when it is over: what stays changed, and what the next restart does.</summary>
    public static IEnumerable<string> Afterwards(FailoverSituation now, IReadOnlyList<VirtualIp> vips)
    {
        var (from, to) = (now.Request.From.Name, now.Request.To.Name);
        var move = now.Keepalived.Move(vips);
        if (now.Mode == FailoverMode.Planned && now.Keepalived.From is { Runs: true, Frozen: false } && move is not null)
        {
            foreach (var group in move.Pairs.Where(p => p is { MustLower: true, WouldComeBack: true })
                .GroupBy(p => (p.From.Priority, p.Lowered, p.From.TrackFile)))
            {
                var (priority, lowered, file) = group.Key;
                var names = string.Join(" and ", group.Select(p => p.Vip));
                yield return file is not null
                    ? $"{from} stands back for {names} by {file}, across reloads and restarts: with its own priority {priority} it would "
                        + $"take the address back. Taken back by `lbctl failover {to} {from}`"
                    : $"keepalived on {from} keeps priority {lowered} for {names}, across reloads and restarts: with its own {priority} "
                        + $"it would take the address back. Taken back by `lbctl failover {to} {from}`; if its configuration is deployed "
                        + $"anew before that, {from} takes over again";
            }
            if (move.Pairs.All(p => !p.WouldComeBack))
                yield return $"the configuration of both is what it was: {to} keeps the address until it fails "
                    + $"({(move.Pairs.Any(p => p.From.NoPreempt) ? "nopreempt" : $"{from} has no higher priority")})";
        }
        else if (now.From.Reachable && move is not null && now.Keepalived.From is { Runs: true })
        {
            var then = move.Pairs.Any(p => p.WouldComeBack)
                ? "it then takes the address back, whether or not its proxy serves"
                : $"{to} stays master then";
            yield return $"keepalived is stopped on {from}, and starts again when that machine boots: {then}";
        }
        else if (!now.From.Reachable && vips.Count > 0)
        {
            yield return $"when {from} comes back, its keepalived decides by its own priority: with a higher one and without nopreempt it "
                + "takes the address back at once";
        }
    }
}
