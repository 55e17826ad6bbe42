using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

internal static class BackendDownRule
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        from pool in situation.Seen.Pools
        from seen in pool.Backends
        where !seen.Healthy && !BackendFacts.IsIsolated(seen) && WasSeen(seen) && !NameUnresolvedRule.Explains(seen)
        let configured = situation.Fleet.Pools.FirstOrDefault(p => p.Name == pool.Pool)
        let backend = configured?.Backends.FirstOrDefault(b => b.Name == seen.Backend)
        where backend is not null
        select new Finding(DiagnosisCode.BackendDown, Severity.Warning, $"{pool.Pool}/{seen.Backend}",
            $"{seen.Backend} ({backend.Host}:{backend.Port}) is not healthy: {Why(seen)}",
            BackendNext.Recover(situation, backend) ?? Look(configured!, backend))
        {
            Or = BackendNext.Recover(situation, backend) is null ? null : Look(configured!, backend),
        };

    /// <summary>A backend that nobody could look at is ObservationIncomplete, not down.</summary>
    private static bool WasSeen(BackendObservation seen) =>
        seen.FromHere is not null || seen.Deep is not null || seen.OnProxies.Count > 0 || seen.FromNodes.Count > 0;

    private static string Why(BackendObservation seen)
    {
        var views = new List<string>();
        if (seen.OnProxies.Where(p => !p.Value.InRotation).ToList() is { Count: > 0 } proxies)
            views.Add(string.Join(", ", proxies
                .GroupBy(p => p.Value.LastCheck is { Length: > 0 } check ? $"{p.Value.Status} ({check})" : p.Value.Status)
                .Select(g => $"{g.Key} on {string.Join(" and ", g.Select(p => p.Key))}")));
        if (seen.Deep is { Healthy: false } deep)
            views.Add($"deep check: {deep.Detail}");
        if (seen.FromHere is { Healthy: false } here)
            views.Add($"from here: {here.Detail}");
        if (views.Count == 0)
            views.AddRange(seen.FromNodes.Where(p => !p.Value.Healthy).Select(p => $"from {p.Key}: {p.Value.Detail}"));
        return string.Join("; ", views);
    }

    private static string Look(Pool pool, Backend backend)
    {
        if (backend is { Ssh: { } ssh, Service.Name: { } service })
            return SshText.To(backend.Host, ssh, $"systemctl status {service}");
        return pool.Health is HttpCheck check ? BackendPathRule.Curl(backend, check) : $"nc -vz -w 2 {backend.Host} {backend.Port}";
    }
}
