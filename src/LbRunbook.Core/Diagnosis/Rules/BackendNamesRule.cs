using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>BackendNamesDiffer: one name, two machines.</summary>
internal static class BackendNamesRule
{
    public static IEnumerable<Finding> Apply(Situation situation)
    {
        List<(string, ProxyState)> seen =
            [.. situation.Nodes.Where(n => n.Seen.Proxy is { Answers: true }).Select(n => (n.Node.Name, n.Seen.Proxy!))];
        foreach (var pool in situation.Fleet.Pools)
        {
            if (ServerNames.Disagreement(pool, seen) is { } tables)
                yield return new(DiagnosisCode.BackendNamesDiffer, Severity.Warning, pool.Name,
                    $"one name is two machines in pool {pool.Name}: {tables}", "lbctl assess --output json");
        }
    }
}
