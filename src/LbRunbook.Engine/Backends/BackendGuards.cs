using LbRunbook.Core.Diagnosis.Rules;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Backends;

/// <summary>What all verbs on backends have in common.</summary>
internal static class BackendGuards
{
    public static IEnumerable<Refusal> Check(BackendSituation now)
    {
        foreach (var node in now.Nodes.Where(n => n.Node is { Can.SetsAtRunTime: false, Ssh.Sudo: true }))
            yield return new("nginx-root",
                $"{node.Node.Name} runs nginx, whose configuration would have to be changed: that needs ssh as root, for whoever may "
                    + "write it could run anything as root there", Next: "lbctl assess");
        foreach (var refusal in Unreachable(now.Nodes.Select(n => (n.Node, n.Seen))))
            yield return refusal;
        if (now.Having.Any())
            yield break;
        if (now.Nodes.All(n => !n.Answers))
            yield return new("proxy-answers", string.Join("; ", now.Nodes.Select(n => n.WhySilent)), Next: "lbctl assess");
        else
            yield return new("server-known", $"no proxy that answers has {now.Backend.Name} in {now.Pool.NameInProxy}",
                Next: "lbctl assess");
    }

    /// <summary>What answers, but would not hear of the change: it would go on as before while the change counted as made.</summary>
    public static IEnumerable<Refusal> Unreachable(IEnumerable<(Node Node, NodeObservation Seen)> nodes)
    {
        foreach (var (node, seen) in nodes)
            if (seen is { Reachable: true, Proxy: { Answers: true, WhyNoChange: { } why } })
                yield return new("daemon-seen", why, Next: SshText.AsRoot(node, $"systemctl status {node.ServiceName}"));
    }

    /// <summary>A node that is silent now is tried all the same: it is not left to send traffic there without a word.</summary>
    public static IEnumerable<BackendOnNode> Targets(BackendSituation now) => now.Nodes.Where(n => n.Server is not null || !n.Answers);

    public static IEnumerable<string> Warnings(BackendSituation now)
    {
        foreach (var node in now.Silent)
            yield return $"{node.WhySilent}: it may stay as it is there; the run says how to finish it";
        foreach (var node in now.Nodes.Where(n => n.Answers && n.Server is null))
            yield return $"{node.Node.ProxyName} on {node.Node.Name} has no {now.Backend.Name} in "
                + $"{now.Pool.NameInProxy}: nothing is done there";
        foreach (var node in now.Having.Where(n => n.Seen.Proxy?.LetsClientsGo == false))
            yield return ReloadCosts(node.Node);
        foreach (var node in now.Having.Where(n => n.WhyNotKept is not null))
            yield return $"until the next reload of {node.Node.ProxyName} on {node.Node.Name} only: {node.WhyNotKept}";
    }

    public static string ReloadCosts(Node node) =>
        $"{node.Name} runs nginx without the lines that let clients go before a reload (config/nginx/lbctl-recommended.conf, closeFile "
            + $"{node.Nginx.CloseFile ?? "null"}): each busy keep-alive connection loses a request at every change";

    /// <summary>A weight of 1, HAProxy's and nginx's default, has no steps.</summary>
    public static IEnumerable<string> Unsteppable(BackendSituation now) => now.Having.Where(n => n.Server!.InitialWeight == 1)
        .Select(n => $"{n.Name} on {n.Node.Name} has weight 1, which cannot be changed in steps: its load moves all at once (weight 100 "
            + $"for the servers of {now.Pool.NameInProxy} would allow it)");
}
