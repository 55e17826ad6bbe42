using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>BackendIsolated and BackendDisagreement: what the proxies say of a backend's place in the rotation.</summary>
internal static class BackendRotationRules
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Seen.Pools.SelectMany(pool => pool.Backends.SelectMany(seen => Of(situation, pool, seen)));

    private static IEnumerable<Finding> Of(Situation situation, PoolObservation pool, BackendObservation seen)
    {
        var subject = $"{pool.Pool}/{seen.Backend}";
        var isolated = seen.OnProxies.Where(p => p.Value.Admin != AdminState.Ready).ToList();
        var words = isolated.GroupBy(p => p.Value.Admin).Select(g => $"{Word(g.Key)} on {string.Join(" and ", g.Select(p => p.Key))}");
        if (isolated.Count > 0)
            yield return new(DiagnosisCode.BackendIsolated, Severity.Ok, subject, $"{seen.Backend} is in {string.Join(", ", words)}",
                Back(situation, pool, seen));

        var views = seen.OnProxies.Where(p => !p.Value.HasNoAddress).GroupBy(p => p.Value.InRotation).ToList();
        if (views.Count > 1)
            yield return new(DiagnosisCode.BackendDisagreement, Severity.Warning, subject,
                $"{seen.Backend} is in rotation on {Names(views, true)} but "
                    + $"{string.Join(", ", views.First(v => !v.Key).Select(p => $"{p.Value.Status} on {p.Key}"))}",
                "lbctl assess --output json");
    }

    /// <summary>What fails its checks would only be taken out again.</summary>
    private static string Back(Situation situation, PoolObservation pool, BackendObservation seen)
    {
        if (situation.Fleet.Pools.FirstOrDefault(p => p.Name == pool.Pool)?.Backends.FirstOrDefault(b => b.Name == seen.Backend)
            is not { } backend)
            return "lbctl assess --output json";
        var fails = seen.Deep is { Healthy: false } || (seen.FromNodes.Count > 0 && seen.FromNodes.Values.All(c => !c.Healthy));
        return (fails ? BackendNext.Recover(situation, backend) : null) ?? BackendNext.Restore(situation, backend);
    }

    private static string Names(List<IGrouping<bool, KeyValuePair<string, ServerState>>> views, bool inRotation) =>
        string.Join(" and ", views.First(v => v.Key == inRotation).Select(p => p.Key));

    private static string Word(AdminState admin) => admin == AdminState.Drain ? "drain" : "maintenance";
}
