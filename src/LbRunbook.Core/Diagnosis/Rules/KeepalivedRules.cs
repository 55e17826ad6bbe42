using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>keepalived as the owner of the virtual IPs: who is master, who should not be, and who could not take over.</summary>
internal static class KeepalivedRules
{
    public static IEnumerable<Finding> Apply(Situation situation)
    {
        // One that owns nothing of ours (somebody's IPVS) is none of our business.
        var nodes = situation.Nodes.Where(p => situation.Fleet.Vips.Any(v => p.Seen.Keepalived?.InstanceOf(v) is not null)).ToList();
        foreach (var (node, seen) in nodes)
        {
            if (seen.Keepalived is { Frozen: true })
                yield return Stuck(situation, node);
            else if (seen.Keepalived is { Runs: false })
                yield return Down(situation, node, seen.Keepalived);
            if (Lowered(situation, node, seen.Keepalived!) is { } lowered)
                yield return lowered;
        }
        foreach (var vip in situation.Fleet.Vips)
        {
            if (SplitBrain(situation, vip) is { } split)
                yield return split;
            foreach (var mismatch in Mismatches(situation, vip))
                yield return mismatch;
        }
    }

    /// <summary>null = keepalived does not own it anywhere.</summary>
    public static string? StartNext(Situation situation, VirtualIp vip)
    {
        var owners = situation.Nodes.Where(p => p.Seen.Keepalived?.InstanceOf(vip) is not null).ToList();
        if (owners.Count == 0)
            return null;
        var best = owners.FirstOrDefault(p => Situation.Serves(p.Seen)).Node ?? owners[0].Node;
        return SshText.AsRoot(best, $"systemctl restart {best.Keepalived.Service}");
    }

    private static Finding Stuck(Situation situation, Node node) => new(DiagnosisCode.VrrpStuck, Severity.Critical, node.Name,
        $"keepalived on {node.Name} is stopped in mid-air (process state T): it announces nothing, and takes its addresses back "
            + "for a moment when it goes on",
        situation.Failover(node));

    private static Finding Down(Situation situation, Node node, KeepalivedState state)
    {
        var left = situation.HeldBy(node).Where(v => state.InstanceOf(v) is not null).ToList();
        if (left.Count > 0)
        {
            var names = string.Join(", ", left.Select(v => $"{v.Address} ({v.Name})"));
            return new(DiagnosisCode.VrrpLeftover, Severity.Critical, node.Name,
                $"{node.Name} still carries {names}, but keepalived does not run there: it was killed, nobody owns the address, and "
                    + "another master has it as well or soon will", situation.Failover(node));
        }
        if (situation.Stopped.FirstOrDefault(s => s.Node == node.Name) is { } stopped)
            return new(DiagnosisCode.VrrpDown, Severity.Warning, node.Name,
                $"keepalived on {node.Name} was stopped by {stopped.RunId}, because two were master at once: they do not hear each other's "
                    + "VRRP (IP protocol 112), and started again it would be so again. First find what drops it (a firewall, a switch, "
                    + "another virtual_router_id); the other one's must be heard here",
                SshText.AsRoot(node, $"timeout 5 tcpdump -c 1 -ni {node.Interface} ip proto 112 or ip6 proto 112"));
        return new(DiagnosisCode.VrrpDown, Severity.Warning, node.Name,
            $"keepalived does not run on {node.Name}: it will not take over when the master fails",
            SshText.AsRoot(node, $"systemctl start {node.Keepalived.Service}"));
    }

    private static Finding? SplitBrain(Situation situation, VirtualIp vip)
    {
        var masters = situation.Nodes
            .Where(p => p.Seen.Keepalived is { Runs: true, Frozen: false } k && k.InstanceOf(vip) is { State: VrrpState.Master }).ToList();
        if (masters.Count < 2)
            return null;
        var keep = masters.FirstOrDefault(m => Situation.Serves(m.Seen)).Node ?? masters[0].Node;
        var extra = masters.Select(m => m.Node).Last(n => n != keep);
        var who = string.Join(" and ", masters.Select(m => $"{m.Node.Name} (priority {m.Seen.Keepalived!.InstanceOf(vip)!.Priority})"));
        return new(DiagnosisCode.VrrpSplitBrain, Severity.Critical, vip.Name,
            $"{who} are both master of {vip.Name} ({vip.Address}): they do not hear each other's VRRP (IP protocol 112: a firewall, a "
                + "switch, another virtual_router_id)",
            $"lbctl failover {extra.Name} {keep.Name} --emergency");
    }

    /// <summary>What else is said of the same two masters leads the same way; null = they are not two.</summary>
    public static string? SplitBrainNext(Situation situation, VirtualIp vip) => SplitBrain(situation, vip)?.Next;

    private static Finding? Lowered(Situation situation, Node node, KeepalivedState state)
    {
        var lowered = state.Instances
            .Where(i => i.OriginalPriority is not null || i.Eager || i.TrackFiles.Any(t => t.Value is < 0)).ToList();
        if (lowered.Count == 0)
            return null;
        var what = string.Join(", ",
            lowered.Select(i => $"{i.Name} {i.EffectivePriority ?? i.Priority} instead of {i.OriginalPriority ?? i.Priority}"));
        var holder = situation.Nodes.Select(p => p.Node).FirstOrDefault(n => n != node && situation.HeldBy(n).Count > 0);
        return new(DiagnosisCode.VrrpLowered, Severity.Ok, node.Name,
            $"{node.Name} stands back on purpose ({what}): with its own priority it would take the address back",
            holder is null ? null : $"lbctl failover {holder.Name} {node.Name}");
    }

    private static IEnumerable<Finding> Mismatches(Situation situation, VirtualIp vip)
    {
        var running = situation.Nodes.Where(p => p.Seen.Keepalived is { Runs: true, Error: null }).ToList();
        var with = running.Where(p => p.Seen.Keepalived!.InstanceOf(vip) is not null)
            .Select(p => (p.Node, Instance: p.Seen.Keepalived!.InstanceOf(vip)!)).ToList();
        if (with.Count == 0)
            yield break;
        foreach (var (node, _) in running.Where(p => p.Seen.Keepalived!.InstanceOf(vip) is null))
            yield return Mismatch(node,
                $"keepalived on {with[0].Node.Name} owns {vip.Name} ({vip.Address}), but no vrrp_instance on {node.Name} has that "
                    + $"address: {node.Name} cannot take it over");
        if (with.Select(w => w.Instance.RouterId).Distinct().Count() > 1)
            yield return Mismatch(with[^1].Node,
                $"{vip.Name} has different virtual_router_ids "
                    + $"({string.Join(", ", with.Select(w => $"{w.Node.Name} {w.Instance.RouterId}"))}): the nodes do not hear "
                    + "each other and are all master");
        foreach (var equal in with.GroupBy(w => w.Instance.OriginalPriority ?? w.Instance.Priority).Where(g => g.Count() > 1))
            yield return Mismatch(equal.Last().Node,
                $"{string.Join(" and ", equal.Select(w => w.Node.Name))} have the same priority {equal.Key} for {vip.Name}: which of them "
                    + "is master after a restart is a matter of luck");

        Finding Mismatch(Node node, string message) =>
            new(DiagnosisCode.VrrpMismatch, Severity.Warning, vip.Name, message, SshText.To(node, $"cat {node.Keepalived.Config}"));
    }
}
