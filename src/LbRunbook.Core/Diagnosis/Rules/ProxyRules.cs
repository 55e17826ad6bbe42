using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>ProxyDown and ProxyNotAnswering where clients depend on the node; the same trouble on a standby is ProxyStandby.</summary>
internal static class ProxyRules
{
    public static IEnumerable<Finding> Apply(Situation situation) => situation.Nodes
        .Where(p => Situation.LoggedIn(p.Seen))
        .Select(p => Of(situation, p.Node, p.Seen))
        .OfType<Finding>();

    private static Finding? Of(Situation situation, Node node, NodeObservation seen)
    {
        if (seen.Service is { Active: false } service)
        {
            var message = $"{node.ProxyName} on {node.Name} does not run (service {node.ServiceName} is {service.SubState})"
                + (service.LastLine is { } line ? $"; it said last: {line}" : "");
            var start = Start(node, service);
            if (!situation.CarriesTraffic(node))
                return Standby(node, message, start);
            var away = situation.Failover(node);
            return new(DiagnosisCode.ProxyDown, Severity.Critical, node.Name, message, away ?? start) { Or = away is null ? null : start };
        }
        if (seen.Proxy is { Answers: false } proxy)
            return NotAnswering(situation, node,
                $"{node.ProxyName} on {node.Name} runs but does not answer ({proxy.Error ?? "no reason given"})");
        // A proxy that listens on the VIP alone refuses its own address everywhere; only a difference between nodes tells.
        if (seen.DirectCheck is { Healthy: false } direct && seen.Proxy is { Answers: true }
            && situation.Nodes.Any(o => o.Node != node && o.Seen.DirectCheck is { Healthy: true }))
            return NotAnswering(situation, node, $"{node.ProxyName} on {node.Name} fails the check on its own address ({direct.Detail})");
        return null;
    }

    private static Finding NotAnswering(Situation situation, Node node, string message)
    {
        var look = SshText.AsRoot(node, $"systemctl status {node.ServiceName}");
        if (!situation.CarriesTraffic(node))
            return Standby(node, message, look);
        // As long as clients are served, it is our view that is broken: no reason to move their traffic.
        var served = situation.HeldBy(node) is { Count: > 0 } held && held.All(v => situation.Of(v) is { Through.Healthy: true });
        return served
            ? new(DiagnosisCode.ProxyNotAnswering, Severity.Warning, node.Name, $"{message}; clients are still served", look)
            : new(DiagnosisCode.ProxyNotAnswering, Severity.Critical, node.Name, message, situation.Failover(node) ?? look);
    }

    private static Finding Standby(Node node, string message, string next) =>
        new(DiagnosisCode.ProxyStandby, Severity.Warning, node.Name, $"a failover to {node.Name} would not work: {message}", next);

    private static string Start(Node node, ServiceState service) => node.Service.Start is { } start
        ? SshText.AsRoot(node, string.Join(' ', start))
        : service.SubState == "masked"
        ? SshText.AsRoot(node, $"systemctl unmask {node.ServiceName}", $"systemctl start {node.ServiceName}")
        : SshText.AsRoot(node, $"systemctl start {node.ServiceName}");
}
