using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>NodeOverloaded: CPU, memory, disk, the proxy's idle share and its connection limit.</summary>
internal static class NodeLoadRules
{
    /// <summary>At this share of maxconn new connections wait in the kernel's queue: clients notice.</summary>
    private const double ConnectionsFull = 98;
    private const double ConnectionsHigh = 90;

    /// <summary>One-minute load per CPU that makes a busy sample believable.</summary>
    private const double LastingLoad = 0.5;

    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Nodes.SelectMany(p => Of(p.Node, p.Seen, situation.Fleet.Thresholds));

    private static IEnumerable<Finding> Of(Node node, NodeObservation seen, Thresholds limits)
    {
        if (seen.Resources is { } host)
        {
            // The sample is a blink: only with a load that has lasted is it more than this very look, or one cron job.
            if (host.CpuPercent > limits.Cpu && host.Load1 >= host.Cpus * LastingLoad)
                yield return Warn(node,
                    $"CPU of {node.Name} is {host.CpuPercent:0} % busy (limit {limits.Cpu:0} %, load "
                        + $"{host.Load1:0.00} on {host.Cpus} CPUs)", "top -b -n 1");
            if (host.MemoryPercent > limits.Memory)
                yield return Warn(node, $"memory of {node.Name} is {host.MemoryPercent:0} % used (limit {limits.Memory:0} %)",
                    "ps aux --sort=-rss");
            if (host.DiskPercent > limits.Disk)
                yield return Warn(node,
                    $"file system {host.DiskMount} of {node.Name} is {host.DiskPercent:0} % full (limit {limits.Disk:0} %)", "df -h");
        }
        if (seen.Proxy is not { Answers: true } proxy)
            yield break;
        if (100 - proxy.IdlePercent > limits.Cpu)
            yield return Warn(node, $"{node.ProxyName} on {node.Name} is {100 - proxy.IdlePercent} % busy (limit {limits.Cpu:0} %)",
                "top -b -n 1");
        if (proxy is { MaxConnections: > 0 and var max, CurrentConnections: var now }
            && 100.0 * now / max is var share and >= ConnectionsHigh)
        {
            var severity = share >= ConnectionsFull ? Severity.Critical : Severity.Warning;
            yield return new(DiagnosisCode.NodeOverloaded, severity, node.Name,
                $"{node.ProxyName} on {node.Name} has {now} of {max} connections ({share:0} %, limit {ConnectionsHigh:0} %)",
                SshText.To(node, "ss -s"));
        }
    }

    private static Finding Warn(Node node, string message, string look) =>
        new(DiagnosisCode.NodeOverloaded, Severity.Warning, node.Name, message, SshText.To(node, look));
}
