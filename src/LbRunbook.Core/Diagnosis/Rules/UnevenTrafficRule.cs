using LbRunbook.Core.Diagnosis.Patterns;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>
/// Share of sessions against share of weight, on each proxy that has served enough to tell: since an earlier look when one is remembered,
/// else since the proxy started. Who was not in rotation all that time, or with another weight, is left out. A note: it may have good
/// reasons.
/// </summary>
internal static class UnevenTrafficRule
{
    /// <summary>Sessions of a pool below which shares are chance.</summary>
    private const long EnoughSessions = 500;

    /// <summary>Relative deviation from the share that the weight promises.</summary>
    private const double Tolerance = 0.5;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    /// <summary>HAProxy says since when a server is up in whole seconds, and some after the start of the process.</summary>
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(10);

    public static IEnumerable<Finding> Apply(Situation situation) =>
        from pair in situation.Nodes
        where pair.Seen.Proxy is { Answers: true }
        let proxy = pair.Seen.Proxy!
        from pool in proxy.Servers.Where(s => s.InRotation && !s.Backup).GroupBy(s => s.Pool)
        from finding in Since(situation, pair.Node.Name, proxy, [.. pool]) ?? SinceStart(pair.Node.Name, proxy, [.. pool])
        select finding;

    /// <returns>Null = no earlier look tells: not that there is nothing to say.</returns>
    private static IEnumerable<Finding>? Since(Situation situation, string node, ProxyState proxy, IReadOnlyList<ServerState> servers)
    {
        if (situation.Fleet.Pools.FirstOrDefault(p => p.NameInProxy == servers[0].Pool) is not { } pool)
            return null;
        // The farthest look back that has enough sessions; its process has to be the one of today.
        foreach (var look in situation.Looks(Window).SkipLast(1))
        {
            var counted = new List<(ServerState Server, long Sessions)>();
            foreach (var server in servers)
            {
                var name = pool.Backends.FirstOrDefault(b => server.Is(pool, b))?.Name;
                if (name is not null
                    && Counters.Find(look, pool.Name, name)?.On
                    .FirstOrDefault(s => s.Node == node && s.Pid == proxy.Pid) is { InRotation: true } then
                    && then.Weight == server.Weight && server.TotalSessions >= then.Total
                    && !(server.SinceChange < situation.Now.At - look.At))
                    counted.Add((server, server.TotalSessions - then.Total));
            }
            if (counted.Sum(c => c.Sessions) >= EnoughSessions)
                return Judge(node, counted, $"in the last {Spoken.Span(situation.Now.At - look.At)}");
        }
        return null;
    }

    private static IEnumerable<Finding> SinceStart(string node, ProxyState proxy, IReadOnlyList<ServerState> servers) => Judge(
        node,
        [.. servers.Where(s => s.Weight == s.InitialWeight && !(s.SinceChange < proxy.Uptime - StartUp)).Select(s => (s, s.TotalSessions))],
        "since its proxy started");

    private static IEnumerable<Finding> Judge(string node, List<(ServerState Server, long Sessions)> counted, string since)
    {
        var (sessions, weights) = (counted.Sum(c => c.Sessions), counted.Sum(c => c.Server.Weight));
        if (counted.Count < 2 || sessions < EnoughSessions || weights == 0)
            return [];
        return
            from c in counted
            let expected = (double)c.Server.Weight / weights
            let actual = (double)c.Sessions / sessions
            where Math.Abs(actual - expected) / expected > Tolerance
            select new Finding(DiagnosisCode.UnevenTraffic, Severity.Ok, $"{c.Server.Pool}/{c.Server.Server}",
                $"{c.Server.Server} got {c.Sessions} of {sessions} sessions ({100 * actual:0} %) on {node} {since}; its weight of "
                    + $"{c.Server.Weight} in {weights} says {100 * expected:0} %",
                "lbctl assess --watch");
    }
}
