using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>AffinityBroken and AffinityWithoutBackup.</summary>
internal static class AffinityRules
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
    [
        .. situation.Seen.Affinities.SelectMany(seen => Measured(situation, seen)),
        .. situation.Fleet.Pools.SelectMany(pool => WithoutBackup(situation, pool)),
    ];

    private static IEnumerable<Finding> Measured(Situation situation, AffinityObservation seen)
    {
        // A silent virtual IP has a finding of its own.
        if (seen.Problem is { } problem && situation.Seen.Vips.FirstOrDefault(v => v.Vip == seen.Vip) is { Through.Healthy: true })
            yield return new(DiagnosisCode.ObservationIncomplete, Severity.Unknown, seen.Pool,
                $"whether clients of pool {seen.Pool} come back to their backend could not be "
                    + $"measured{(seen.Clients.Count == 0 ? "" : " to the end")}: {problem}", "lbctl assess --output json");
        var pool = situation.Seen.Pools.FirstOrDefault(p => p.Pool == seen.Pool);
        var tally = AffinityTally.Of(seen, pool);
        var holder = situation.Fleet.Vips.FirstOrDefault(v => v.Name == seen.Vip) is { } vip && situation.HoldersOf(vip) is [var first, ..]
            ? first
            : null;
        if (tally.Kept < tally.Returns)
        {
            var moved = seen.Clients.Where(c => AffinityTally.IsUp(pool, c.Home))
                .SelectMany(c => c.Returns.Where(r => r != c.Home).Select(r => $"{c.Home} → {r}")).Distinct().Take(3);
            yield return new(DiagnosisCode.AffinityBroken, Severity.Warning, seen.Pool,
                $"{tally.Returns - tally.Kept} of {tally.Returns} requests that came back to {seen.Vip} by {seen.Means} went to another "
                    + $"backend although theirs is up ({string.Join(", ", moved)})"
                + Missing(situation, seen), Next(holder));
        }
        foreach (var (node, _) in situation.Nodes.Where(p => p.Node != holder))
        {
            var asked = seen.Clients
                .Where(c => c.OnNodes.ContainsKey(node.Name) && AffinityTally.IsUp(pool, Last(c))
                    && c.Returns.All(r => r == c.Home)).ToList();
            if (asked.Count(c => c.OnNodes[node.Name] != Last(c)) is > 0 and var elsewhere)
                yield return new(DiagnosisCode.AffinityBroken, Severity.Warning, $"{seen.Pool}/{node.Name}",
                    $"{node.Name} sends {elsewhere} of {asked.Count} clients of pool {seen.Pool}, recognised by {seen.Means}, to another "
                        + $"backend than {seen.Vip} does: a failover there loses their sessions",
                    Next(node));
        }
    }

    /// <summary>With a cookie, what it was told last; by address, where it was.</summary>
    private static string Last(AffinityClient client) => client.Returns.Count > 0 ? client.Returns[^1] : client.Home;

    /// <summary>The proxies know of nothing that could keep a client: said, since then it is not a fault in passing.</summary>
    private static string Missing(Situation situation, AffinityObservation seen)
    {
        var name = NameInProxy(situation, seen.Pool);
        var known = situation.Nodes.SelectMany(p => p.Seen.Proxy?.Stickiness.Where(s => s.Pool == name) ?? []).ToList();
        return known.Count > 0 && known.TrueForAll(s => s.By.Count == 0)
            ? $"; no node has a cookie, stick rule or hash of clients configured for {name}"
            : "";
    }

    private static string Next(Node? node) =>
        node is null ? "lbctl assess --output json" : SshText.AsRoot(node, $"grep -nE 'cookie|stick|balance|hash' {node.ProxyConfigPath}");

    private static IEnumerable<Finding> WithoutBackup(Situation situation, Pool pool) =>
        from pair in situation.Nodes
        where pair.Seen.Proxy is { Answers: true }
        from sticky in pair.Seen.Proxy!.Stickiness
        where sticky.Pool == pool.NameInProxy && sticky.By.Count > 0
        let end = End(pair.Seen.Proxy!, sticky)
        where end is not null
        group pair.Node by (end.Value.Why, end.Value.Severity, By: string.Join(" and ", sticky.By)) into reason
        let nodes = reason.ToList()
        select new Finding(DiagnosisCode.AffinityWithoutBackup, reason.Key.Severity, pool.Name,
            $"clients of pool {pool.Name} are kept with their backend by {reason.Key.By} on "
                + $"{string.Join(" and ", nodes.Select(n => n.Name))}, and have nowhere to go when it dies: {reason.Key.Why}",
            SshText.AsRoot(nodes[0], $"grep -nE 'redispatch|persist|next_upstream|server ' {nodes[0].ProxyConfigPath}"));

    private static (string Why, Severity Severity)? End(ProxyState proxy, PoolStickiness sticky)
    {
        var servers = proxy.Servers.Where(s => s.Pool == sticky.Pool).ToList();
        if (servers is [{ Backup: false } only])
            return ($"{only.Server} is the only server", Severity.Warning);
        return sticky.DeadEnd is not { } why ? null
            : sticky.UntilNoticed ? ($"{why}, so they get errors until a health check has noticed", Severity.Ok)
            : (why, Severity.Warning);
    }

    private static string NameInProxy(Situation situation, string pool) =>
        situation.Fleet.Pools.FirstOrDefault(p => p.Name == pool)?.NameInProxy ?? pool;
}
