using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Engine.Backends;

/// <summary>
/// A backend by its exact name or address: 10.0.1.1 is never 10.0.1.10, and what could be two is an error, never a guess.
/// </summary>
internal static class BackendLookup
{
    /// <param name="text">Name, host or host:port.</param>
    /// <param name="poolName">Only in this pool; null = in all.</param>
    public static BackendTarget Find(Fleet fleet, string text, string? poolName)
    {
        var pools = poolName is null ? fleet.Pools : [FindPool(fleet, poolName)];
        var all = pools.SelectMany(p => p.Everyone.Select(b => new BackendTarget(p, b))).ToList();
        var found = all.Where(x => x.Backend.Name == text).ToList();
        if (found.Count == 0)
            found = [.. all.Where(x => x.Backend.Host == text || $"{x.Backend.Host}:{x.Backend.Port}" == text)];
        if (found.Count == 1)
            return found[0];
        if (found.Count > 1)
        {
            var each = found.Select(x => $"{x.Backend.Name} ({x.Backend.Host}:{x.Backend.Port}) in pool {x.Pool.Name}");
            throw new OperatorException(ExitCode.Usage, $"'{text}' is {string.Join(" and ", each)}: say which",
                found.Select(x => x.Pool.Name).Distinct().Count() > 1
                    ? $"lbctl isolate-backend {text} --from {found[0].Pool.Name}"
                    : $"lbctl isolate-backend {found[0].Backend.Name}");
        }
        var names = all.Select(x => x.Backend.Name).Distinct().ToList();
        throw new OperatorException(ExitCode.Usage,
            $"no backend '{text}' in {(poolName is null ? $"cluster {fleet.Cluster}" : $"pool {poolName}")}; there are "
                + $"{string.Join(", ", names)}{Nearest.Hint(text, [.. names, .. all.Select(x => x.Backend.Host)])}",
            "lbctl assess");
    }

    private static Pool FindPool(Fleet fleet, string name)
    {
        var names = fleet.Pools.Select(p => p.Name).ToList();
        return fleet.Pools.FirstOrDefault(p => p.Name == name)
            ?? throw new OperatorException(ExitCode.Usage,
                $"no pool '{name}' in cluster {fleet.Cluster}; there are {string.Join(", ", names)}{Nearest.Hint(name, names)}",
                "lbctl assess");
    }
}
