using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

internal static class BackendSlowRule
{
    public static IEnumerable<Finding> Apply(Situation situation)
    {
        var limit = situation.Fleet.Thresholds.Slow;
        return
            from pool in situation.Seen.Pools
            from seen in pool.Backends
            let slow = Checks(seen).Where(c => c.Check is { Healthy: true } && c.Check.Took > limit).ToList()
            where slow.Count > 0
            let worst = slow.MaxBy(c => c.Check!.Took)
            let backend = situation.Fleet.Pools.FirstOrDefault(p => p.Name == pool.Pool)?.Backends
                .FirstOrDefault(b => b.Name == seen.Backend)
            select new Finding(DiagnosisCode.BackendSlow, Severity.Warning, $"{pool.Pool}/{seen.Backend}",
                $"{seen.Backend} needs {worst.Check!.Took.TotalSeconds:0.0} s for its {worst.Name} (limit {limit.TotalSeconds:0.#} s)",
                backend?.Ssh is { } ssh ? SshText.To(backend.Host, ssh, "uptime") : "lbctl assess --watch");
    }

    private static List<(string Name, CheckResult? Check)> Checks(BackendObservation seen) =>
    [
        ("check from here", seen.FromHere),
        ("deep check", seen.Deep),
        .. seen.FromNodes.Select(p => ($"check from {p.Key}", (CheckResult?)p.Value)),
    ];
}
