using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Engine.Backends;

/// <summary>
/// Backends by their exact names or addresses: 10.0.1.1 is never 10.0.1.10, and what could be two machines is an error, never a guess. One
/// machine in several pools is one: all of it is meant.
/// </summary>
internal static class BackendLookup
{
    /// <param name="texts">Each a name, a host or host:port.</param>
    /// <param name="poolName">Only in this pool; null = in all.</param>
    /// <param name="verb">As it is typed, for what to type instead.</param>
    public static IReadOnlyList<BackendTarget> Find(Fleet fleet, IReadOnlyList<string> texts, string? poolName, string verb)
    {
        var pools = poolName is null ? fleet.Pools : [FindPool(fleet, poolName)];
        var all = pools.SelectMany(p => p.Everyone.Select(b => new BackendTarget(p, b))).ToList();
        return [.. texts.SelectMany(t => FindOne(fleet, all, t, poolName, verb)).DistinctBy(t => (t.Pool.Name, t.Backend.Name))];
    }

    /// <summary>With what else is served by the same service of the same machine: a restart takes that away as well.</summary>
    public static IReadOnlyList<BackendTarget> WithNeighbours(Fleet fleet, IReadOnlyList<BackendTarget> targets) =>
    [
        .. targets.Concat(fleet.Pools.SelectMany(p => p.Backends.Select(b => new BackendTarget(p, b)))
            .Where(n => targets.Any(t => AreOneService(t.Backend, n.Backend)))).DistinctBy(t => (t.Pool.Name, t.Backend.Name)),
    ];

    public static bool AreOneService(Backend one, Backend other) =>
        one == other || (one.Host == other.Host && one.Service.Name is { } service && service == other.Service.Name);

    private static List<BackendTarget> FindOne(Fleet fleet, List<BackendTarget> all, string text, string? poolName, string verb)
    {
        var found = all.Where(x => x.Backend.Name == text).ToList();
        if (found.Count == 0)
            found = [.. all.Where(x => x.Backend.Host == text || x.Backend.Address == text || $"{x.Backend.Host}:{x.Backend.Port}" == text)
                .Select(x => x with { ByAddress = IPAddress.TryParse(x.Backend.Host, out _) })];
        if (found.Select(x => x.Backend.Host).Distinct().Count() > 1)
        {
            var each = found.Select(x => $"{x.Words} in pool {x.Pool.Name}");
            throw new OperatorException(ExitCode.Usage, $"'{text}' is {string.Join(" and ", each)}: say which",
                $"lbctl {verb} {text} --from {found[0].Pool.Name}");
        }
        if (found.Count > 0)
            return found;
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
