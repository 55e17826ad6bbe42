using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>PoolDown and PoolDegraded.</summary>
internal static class PoolRules
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Seen.Pools.Where(p => p.Backends.Count > 0).Select(p => Of(situation, p)).OfType<Finding>();

    private static Finding? Of(Situation situation, PoolObservation pool)
    {
        var healthy = pool.Backends.Count(b => b.Healthy);
        var percent = 100 * pool.HealthRatio;
        var minimum = situation.Fleet.Thresholds.MinimumHealthy;
        var isolated = pool.Backends.Count(BackendFacts.IsIsolated);
        var onPurpose = isolated == 0 ? "" : $", {isolated} taken out on purpose";
        if (healthy == pool.Backends.Count)
            return null;
        var way = BackendNext.ForPool(situation, pool);
        var ready = way is { } known ? $"; {known.Ready}" : "";
        if (healthy == 0)
            return new(DiagnosisCode.PoolDown, Severity.Critical, pool.Pool,
                $"none of {pool.Backends.Count} backends of pool {pool.Pool} is healthy and in rotation{onPurpose}{ready}",
                way?.Command ?? "lbctl assess --output json");
        return new(DiagnosisCode.PoolDegraded, percent < minimum ? Severity.Critical : Severity.Warning, pool.Pool,
            $"{healthy} of {pool.Backends.Count} backends of pool {pool.Pool} are healthy{onPurpose} ({percent:0} "
                + $"%, minimum {minimum:0} %){ready}", way?.Command ?? "lbctl assess --watch");
    }
}

/// <summary>Questions about one backend that several rules ask.</summary>
internal static class BackendFacts
{
    /// <summary>Taken out on purpose, on at least one node.</summary>
    public static bool IsIsolated(BackendObservation backend) => backend.OnProxies.Values.Any(s => s.Admin != AdminState.Ready);
}
