using LbRunbook.Core.Diagnosis.Rules;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Backends;

/// <summary>What all verbs on backends have in common.</summary>
internal static class BackendGuards
{
    /// <param name="verb">As it is typed, for what to type instead.</param>
    public static IEnumerable<Refusal> Check(BackendSituation now, string verb) => All(now, verb).Distinct();

    private static IEnumerable<Refusal> All(BackendSituation now, string verb)
    {
        foreach (var node in now.Nodes.Where(n => n.Node is { Can.SetsAtRunTime: false, Ssh.Sudo: true }))
            yield return new("nginx-root",
                $"{node.Node.Name} runs nginx, whose configuration would have to be changed: that needs ssh as root, for whoever may "
                    + "write it could run anything as root there", Next: "lbctl assess");
        foreach (var refusal in Unreachable(now.Nodes.Select(n => (n.Node, n.Seen)).DistinctBy(n => n.Node.Name)))
            yield return refusal;
        foreach (var target in now.Targets)
        {
            if (Names(now, target) is { } tables && !target.ByAddress)
                yield return new("names-agree",
                    $"one name is two machines in pool {target.Pool.Name}, so {target.Backend.Name} does not say which: {tables}",
                    Next: $"lbctl {verb} {target.Backend.Address}");
            var nodes = now.Nodes.Where(n => n.Pool == target.Pool && n.Backend == target.Backend).ToList();
            foreach (var twice in nodes.Where(n => n.Server is not null).GroupBy(n => (n.Node.Name, n.Name)).Where(g => g.Skip(1).Any()))
                yield return new("server-once",
                    $"{twice.First().Node.ProxyName} on {twice.Key.Item1} has {twice.Key.Item2} {twice.Count()} times: one of them could "
                        + "not be told from the other", Next: "lbctl assess");
            if (nodes.Any(n => n.Server is not null))
                continue;
            if (nodes.All(n => !n.Answers))
                yield return new("proxy-answers", string.Join("; ", nodes.Select(n => n.WhySilent)), Next: "lbctl assess");
            else if (Names(now, target) is null)
                yield return new("server-known", $"no proxy that answers has {target.Backend.Name} ({target.Backend.Address}) in "
                    + target.Pool.NameInProxy, Next: "lbctl assess");
            else if (target.ByAddress)
                yield return new("server-known", $"no proxy that answers has {target.Backend.Address} in {target.Pool.NameInProxy}: "
                    + Names(now, target), Next: "lbctl assess");
        }
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

    public static IEnumerable<string> Warnings(BackendSituation now) => Told(now).Distinct();

    private static IEnumerable<string> Told(BackendSituation now)
    {
        foreach (var node in now.Silent)
            yield return $"{node.WhySilent}: it may stay as it is there; the run says how to finish it";
        foreach (var node in now.Nodes.Where(n => n.Answers && n.Server is null))
            yield return $"{node.Node.ProxyName} on {node.Node.Name} has no {node.Backend.Name} in "
                + $"{node.Pool.NameInProxy}: nothing is done there";
        foreach (var target in now.Targets.Where(t => t.ByAddress))
        {
            if (Names(now, target) is { } tables)
                yield return $"taken by its address {target.Backend.Address}, whatever it is called: {tables}";
        }
        foreach (var node in now.Having.Where(n => n.Server!.IsSlot))
            yield return $"{node.Name} on {node.Node.Name} is a slot that is filled at run time, with {node.Server!.Address} now: what is "
                + "set stays with the slot, whoever fills it next";
        foreach (var node in now.Having.Where(n => n.Seen.Proxy?.LetsClientsGo == false))
            yield return ReloadCosts(node.Node);
        foreach (var node in now.Having.Where(n => n.WhyNotKept is not null))
            yield return $"until the next reload of {node.Node.ProxyName} on {node.Node.Name} only: {node.WhyNotKept}";
    }

    public static string ReloadCosts(Node node) =>
        $"{node.Name} runs nginx without the lines that let clients go before a reload (config/nginx/lbctl-recommended.conf, closeFile "
            + $"{node.Nginx.CloseFile ?? "null"}): each busy keep-alive connection loses a request at every change";

    private static string? Names(BackendSituation now, BackendTarget target) =>
        ServerNames.Disagreement(target.Pool, now.Seen, target.Backend);
}
