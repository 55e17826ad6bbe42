using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>Share of sessions against share of weight, on each proxy that has served enough to tell. A note: it may have good reasons.</summary>
internal static class UnevenTrafficRule
{
    /// <summary>Sessions of a pool below which shares are chance.</summary>
    private const long EnoughSessions = 500;

    /// <summary>Relative deviation from the share that the weight promises.</summary>
    private const double Tolerance = 0.5;

    public static IEnumerable<Finding> Apply(Situation situation) =>
        from pair in situation.Nodes
        where pair.Seen.Proxy is { Answers: true }
        from pool in pair.Seen.Proxy!.Servers.Where(s => s.InRotation && !s.Backup).GroupBy(s => s.Pool)
        let sessions = pool.Sum(s => s.TotalSessions)
        let weights = pool.Sum(s => s.Weight)
        where pool.Count() > 1 && sessions >= EnoughSessions && weights > 0
        from server in pool
        let expected = (double)server.Weight / weights
        let actual = (double)server.TotalSessions / sessions
        where Math.Abs(actual - expected) / expected > Tolerance
        select Of(pair.Node.Name, server, expected, actual, sessions);

    private static Finding Of(string node, ServerState server, double expected, double actual, long sessions) =>
        new(DiagnosisCode.UnevenTraffic, Severity.Ok, $"{server.Pool}/{server.Server}",
            $"{server.Server} got {100 * actual:0} % of {sessions} sessions on {node}, its weight says {100 * expected:0} %", "lbctl assess --watch");
}
