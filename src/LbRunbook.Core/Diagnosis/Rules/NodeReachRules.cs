using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>NodeDown with witnesses; what only we cannot reach is NodeUnreachable, and nobody acts on that alone.</summary>
internal static class NodeReachRules
{
    public static IEnumerable<Finding> Apply(Situation situation)
    {
        foreach (var (node, seen) in situation.Nodes.Where(p => !Situation.LoggedIn(p.Seen)))
            yield return Situation.IsDown(seen) ? Down(situation, node, seen) : Unreachable(situation, node, seen);
    }

    private static Finding Down(Situation situation, Node node, NodeObservation seen)
    {
        var others = string.Join(" and ", seen.WireVantages.Where(v => v != Vantage.Here));
        var what = $"{node.Name} is down: no TCP answer from here, no ARP answer asked from {others}";
        var orphans = situation.Orphans;
        // The traffic is elsewhere and answers: the loss is the redundancy, not the service.
        if (situation.Fleet.Vips.Count > 0 && orphans.Count == 0)
            return new(DiagnosisCode.NodeDown, Severity.Warning, node.Name,
                $"{what}; clients are answered without it ({string.Join(", ", situation.Fleet.Vips.Select(v => Where(situation, v)))}), "
                    + $"but one node less is left{StayAway(node)}", "lbctl assess --watch");
        var carried = orphans.Count == 0 ? "" : $"; nobody carries {string.Join(", ", orphans.Select(v => v.Address))}";
        var next = situation.Failover(node);
        return new(DiagnosisCode.NodeDown, Severity.Critical, node.Name,
            what + carried + (next is null ? "; no other node is ready to take over" : "") + StayAway(node),
            next ?? "lbctl assess --watch");
    }

    /// <summary>Nobody can ask it what it still has: it is said where the address is, not that this node has it no more.</summary>
    private static string Where(Situation situation, VirtualIp vip) =>
        situation.HoldersOf(vip) is [var holder, ..] ? $"{vip.Name} is on {holder.Name}" : $"{vip.Name} answers";

    /// <summary>A host that comes back brings its old address along.</summary>
    private static string StayAway(Node node) => node.Fence.FirstOrDefault(f => f.Available) is { } fence
        ? $". Before it comes back: fence it ({fence.Name}), or power it off at its console or hypervisor ({node.Host})"
        : $". Before it comes back with an address that is another's by then: power it off at its console or hypervisor ({node.Host})";

    private static Finding Unreachable(Situation situation, Node node, NodeObservation seen)
    {
        var signs = seen switch
        {
            { Reach: Reach.HostKeyChanged } => "it may have been reinstalled, or somebody else answers in its place",
            { Reach: Reach.PermissionDenied } => "the host is alive and refuses our login",
            { Reach: Reach.Refused } => "the host is alive, sshd does not listen",
            { TcpAnswers: true } => "its kernel completes TCP handshakes, so it is alive but sshd hangs: frozen or overloaded",
            { WireAnswers: true } => "it answers ARP, so it is alive on its network: a firewall, or sshd is cut off",
            { WireAnswers: false } => "no ARP answer either, but nobody else could be asked: it may be down",
            _ => "no other witness could look",
        };
        // Who sees it decides what this is: a dead host, or our own way to it.
        var others = seen.WireVantages.Any(v => v != Vantage.Here) ? $" ({ReachVerdicts.Words(seen)})" : "";
        var served = situation.HeldBy(node).Concat(situation.Fleet.Vips.Where(v => situation.Of(v)?.AnsweredBy == node.Name))
            .Distinct().Where(v => situation.Of(v) is { Through.Healthy: true }).Select(v => v.Name).ToList();
        var serves = served.Count == 0 ? "" : $"; it still serves {string.Join(", ", served)}";
        return new(DiagnosisCode.NodeUnreachable, DiagnosisTable.Of(DiagnosisCode.NodeUnreachable).Severity, node.Name,
            $"no login on {node.Name} ({seen.ReachDetail?.TrimEnd('.') ?? seen.Reach.ToString()}): {signs}{others}{serves}",
            SshText.To(node, "true", verbose: true));
    }
}
