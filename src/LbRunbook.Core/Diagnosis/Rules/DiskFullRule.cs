using LbRunbook.Core.Model;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>A file system without a free byte is no load any more: some of what an operator is about to type cannot work.</summary>
internal static class DiskFullRule
{
    /// <summary>As df says it, which rounds up.</summary>
    public const double Full = 100;

    public static IEnumerable<Finding> Apply(Situation situation) =>
        from pair in situation.Nodes
        where pair.Seen.Resources is { DiskPercent: >= Full }
        let mount = pair.Seen.Resources!.DiskMount
        select new Finding(DiagnosisCode.DiskFull, Severity.Warning, pair.Node.Name,
            $"file system {mount} of {pair.Node.Name} is full. Whatever writes there fails: logs, {Files(pair.Node)}. What is done in "
                + "the kernel and at run time goes on: addresses and announcements, the proxy's own socket, clients that are served",
            SshText.AsRoot(pair.Node, $"'du -xm --max-depth=3 {mount} | sort -n | tail -n 20'"));

    private static string Files(Node node) => node.Proxy == ProxyKind.Haproxy
        ? "HAProxy's state file, an edit of its or of keepalived's configuration"
        : "an edit of nginx's configuration, which every change of a backend is, and of keepalived's";
}
