using System.Globalization;
using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Backends;

namespace LbRunbook.Engine.Scale;

internal static class ScaleGuards
{
    /// <summary>Since then servers can be added while HAProxy runs, with checks.</summary>
    private static readonly Version s_dynamic = new(2, 5);

    public static IEnumerable<Refusal> Common(ScaleSituation now)
    {
        foreach (var node in now.Nodes.Where(n => n.Node is { Can.SetsAtRunTime: false, Ssh.Sudo: true }))
            yield return new("nginx-root",
                $"{node.Node.Name} runs nginx, whose configuration would have to be changed: that needs ssh as root, for whoever may "
                    + "write it could run anything as root there", Next: "lbctl assess");
        foreach (var refusal in BackendGuards.Unreachable(now.Nodes.Select(n => (n.Node, n.Seen))))
            yield return refusal;
        if (!now.Answering.Any())
            yield return new("proxy-answers", string.Join("; ", now.Nodes.Select(n => n.WhySilent)), Next: "lbctl assess");
    }

    /// <summary>One name that is two machines would add, or take out, one here and the other there.</summary>
    public static IEnumerable<Refusal> Named(ScaleSituation now, IReadOnlyList<Backend> chosen)
    {
        List<(string, Core.Observations.ProxyState)> seen = [.. now.Answering.Select(n => (n.Node.Name, n.Seen.Proxy!))];
        foreach (var backend in chosen)
        {
            if (Core.Observations.ServerNames.Disagreement(now.Pool, seen, backend) is { } tables)
                yield return new("names-agree",
                    $"one name is two machines in pool {now.Pool.Name}, so {backend.Name} does not say which: {tables}",
                    Next: "lbctl assess");
        }
    }

    /// <summary>What a node's proxy cannot do with a backend that it does not know yet.</summary>
    public static IEnumerable<Refusal> Addable(ScaleSituation now, IReadOnlyList<Backend> chosen)
    {
        foreach (var node in now.Answering.Where(n => n.Node.Can.SetsAtRunTime))
        {
            foreach (var backend in chosen.Where(b => node.Server(b) is null))
            {
                if (!IPAddress.TryParse(backend.Host, out _))
                    yield return new("server-address",
                        $"{backend.Name} is configured by name ({backend.Host}), and HAProxy never resolves the name of a server that is "
                            + "added while it runs: give its address", Next: "lbctl assess");
                if (!node.TakesSteps)
                    yield return new("balancing",
                        $"{now.Pool.NameInProxy} on {node.Node.Name} spreads by {node.Balancing!.Algorithm}, to which HAProxy adds no "
                            + $"server while it runs: add to its section the line \"server {backend.Name} {backend.Address} check "
                            + "disabled\", reload it, and scale out again", Next: "lbctl assess");
                if (VersionOf(node.Seen.Proxy?.Version) is { } version && version < s_dynamic)
                    yield return new("haproxy-version",
                        $"HAProxy {version} on {node.Node.Name} cannot add servers while it runs (2.5 can): add to its section \"backend "
                            + $"{now.Pool.NameInProxy}\" the line \"server {backend.Name} {backend.Address} check disabled\", "
                            + "reload it, and scale out again", Next: "lbctl assess");
            }
        }
    }

    /// <summary>What is left without those that go must carry what is there now.</summary>
    public static IEnumerable<Refusal> Left(Fleet fleet, ScaleSituation now, IReadOnlyList<Backend> going, bool acceptLow)
    {
        foreach (var node in now.Answering)
        {
            var gone = node.Members.Where(m => going.Any(b => m.Is(now.Pool, b))).ToList();
            if (!gone.Any(m => m.InRotation))
                continue;
            var left = node.Members.Except(gone).Where(m => m.InRotation).ToList();
            var own = node.Members.Where(m => !now.Pool.Emergency.Any(e => m.Is(now.Pool, e))).ToList();
            var share = 100.0 * left.Sum(m => m.Weight) / Math.Max(1, own.Sum(m => Math.Max(1, m.InitialWeight)));
            if (left.Count == 0)
                yield return new("last-backend",
                    $"without {string.Join(", ", gone.Select(m => m.Server))} no server of {now.Pool.Name} is in "
                        + $"rotation on {node.Node.Name}", Next: "lbctl assess");
            else if (!acceptLow && share < fleet.Thresholds.MinimumHealthy)
                yield return new("minimum-capacity",
                    string.Create(CultureInfo.InvariantCulture,
                        $"{now.Pool.Name} on {node.Node.Name} would be left with {share:0} % of the weight of its own servers; the limit "
                            + $"is {fleet.Thresholds.MinimumHealthy:0} %"), Backends.CapacityGuards.AcceptLowCapacity, "lbctl assess");
            else if (!acceptLow && Crowded(left, gone.Sum(m => m.CurrentSessions + m.Queued)) is { } full)
                yield return new("predicted-load", $"{full} on {node.Node.Name}", Backends.CapacityGuards.AcceptLowCapacity,
                    "lbctl assess");
        }
    }

    private static string? Crowded(IReadOnlyList<Core.Observations.ServerState> left, long moving)
    {
        var weight = Math.Max(1, left.Sum(m => m.Weight));
        return left.Where(m => m.SessionLimit > 0)
            .Select(m => (m.Server, Share: (m.CurrentSessions + ((double)moving * m.Weight / weight)) / m.SessionLimit!.Value,
                Limit: m.SessionLimit.Value))
            .Where(m => m.Share > 1)
            .Select(m => string.Create(CultureInfo.InvariantCulture,
                $"{m.Server} would go to {m.Share * 100:0} % of its maxconn ({m.Limit})"))
            .FirstOrDefault();
    }

    /// <summary>"2.6.12-1+deb12u4".</summary>
    private static Version? VersionOf(string? text) =>
        text?.Split('.', '-') is [var major, var minor, ..] && Version.TryParse($"{major}.{minor}", out var version) ? version : null;
}
