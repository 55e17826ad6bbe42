using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>BackendNameUnresolved: the backend may be well; nobody is told where it is.</summary>
internal static class NameUnresolvedRule
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Seen.Pools.SelectMany(pool => pool.Backends.Select(seen => Of(situation, pool, seen)).OfType<Finding>());

    /// <summary>What else is found of it has this one cause.</summary>
    public static bool Explains(BackendObservation seen) => seen.OnProxies.Count > 0 && seen.OnProxies.Values.All(s => s.HasNoAddress);

    private static Finding? Of(Situation situation, PoolObservation pool, BackendObservation seen)
    {
        if (situation.Fleet.Pools.FirstOrDefault(p => p.Name == pool.Pool)?.Backends.FirstOrDefault(b => b.Name == seen.Backend) is not
            { } backend)
            return null;
        var nodes = seen.OnProxies.Where(p => p.Value.HasNoAddress).ToList();
        List<string> where = [.. nodes.Select(p => $"on {p.Key} ({p.Value.Status})")];
        if (seen.FromHere is { Healthy: false } here && NamesTheName(here, backend))
            where.Add("from here");
        where.AddRange(seen.FromNodes.Where(p => !p.Value.Healthy && NamesTheName(p.Value, backend) && !seen.OnProxies.ContainsKey(p.Key))
            .Select(p => $"on {p.Key}"));
        // A proxy that has its address serves it; that we cannot look it up is said by the checks.
        if (where.Count == 0 || (nodes.Count == 0 && seen.OnProxies.Values.Any(s => s.InRotation)))
            return null;
        var name = nodes.Select(p => p.Value.Fqdn).OfType<string>().FirstOrDefault() ?? backend.Host;
        return new(DiagnosisCode.BackendNameUnresolved, Severity.Warning, $"{pool.Pool}/{seen.Backend}",
            $"{name}, the name of {seen.Backend}, does not resolve {string.Join(" and ", where)}: nobody there sends it anything, whether "
                + "it is well or not",
            nodes.Count > 0 && situation.Fleet.FindNode(nodes[0].Key) is { } node
                ? SshText.To(node, $"getent ahosts {name}")
                : $"getent ahosts {name}");
    }

    private static bool NamesTheName(CheckResult check, Backend backend) =>
        check.Detail.Contains($"cannot resolve {backend.Host}", StringComparison.Ordinal)
        || check.Detail.Contains("name or service not known", StringComparison.OrdinalIgnoreCase)
        || check.Detail.Contains("name resolution", StringComparison.OrdinalIgnoreCase)
        // curl's sentence ends with it.
        || check.Detail.Equals(backend.Host, StringComparison.OrdinalIgnoreCase);
}
