using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>NodeOverloaded: CPU, memory, disk, the proxy's idle share and its connection limit.</summary>
internal static class NodeLoadRules
{
    /// <summary>At this share of maxconn new connections wait in the kernel's queue: clients notice.</summary>
    private const double ConnectionsFull = 98;
    private const double ConnectionsHigh = 90;

    /// <summary>An earlier look that tells whether it lasts.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Nodes.SelectMany(p => Of(situation, p.Node, p.Seen, situation.Fleet.Thresholds));

    private static IEnumerable<Finding> Of(Situation situation, Node node, NodeObservation seen, Thresholds limits)
    {
        var before = situation.Looks(Window).SkipLast(1).LastOrDefault()?.Nodes?.FirstOrDefault(n => n.Name == node.Name);
        if (seen.Resources is { } host)
        {
            if (host.CpuPercent > limits.Cpu)
                yield return Busy(node,
                    $"CPU of {node.Name} is {host.CpuPercent:0} % busy (limit {limits.Cpu:0} %, load "
                        + $"{host.Load1:0.00} on {host.Cpus} CPUs)",
                    // A load of the last minute as high as the sample says the same of that minute.
                    host.Load1 >= host.Cpus * limits.Cpu / 100 || before?.Cpu > limits.Cpu);
            if (host.MemoryPercent > limits.Memory)
                yield return Warn(node, $"memory of {node.Name} is {host.MemoryPercent:0} % used (limit {limits.Memory:0} %)",
                    "ps aux --sort=-rss");
            if (host.DiskPercent > limits.Disk && host.DiskPercent < DiskFullRule.Full)
                yield return Warn(node,
                    $"file system {host.DiskMount} of {node.Name} is {host.DiskPercent:0} % full (limit {limits.Disk:0} %)", "df -h");
        }
        if (seen.Proxy is not { Answers: true } proxy)
            yield break;
        if (100 - proxy.IdlePercent > limits.Cpu)
            yield return Busy(node, $"{node.ProxyName} on {node.Name} is {100 - proxy.IdlePercent} % busy (limit {limits.Cpu:0} %)",
                before?.Proxy > limits.Cpu);
        if (proxy is { MaxConnections: > 0 and var max, CurrentConnections: var now }
            && 100.0 * now / max is var share and >= ConnectionsHigh)
        {
            var severity = share >= ConnectionsFull ? Severity.Critical : Severity.Warning;
            yield return new(DiagnosisCode.NodeOverloaded, severity, node.Name,
                $"{node.ProxyName} on {node.Name} has {now} of {max} connections ({share:0} %, limit {ConnectionsHigh:0} %)",
                SshText.To(node, "ss -s"));
        }
    }

    /// <summary>The sample is a blink: alone it is this very look, or one cron job, and nobody is woken for it.</summary>
    private static Finding Busy(Node node, string message, bool lasts) => new(DiagnosisCode.NodeOverloaded,
        lasts ? Severity.Warning : Severity.Ok, node.Name, lasts ? message : $"{message}, in this one sample",
        lasts ? SshText.To(node, "top -b -n 1") : "lbctl assess --watch");

    private static Finding Warn(Node node, string message, string look) =>
        new(DiagnosisCode.NodeOverloaded, Severity.Warning, node.Name, message, SshText.To(node, look));
}
