using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>A server that the proxies have in a pool and the pool's configuration has not: added by scale-out, or by hand.</summary>
/// <param name="Emergency">Null = it is not one of the pool's emergency backends either.</param>
/// <param name="Seen">With its name: that of the configuration where it has one.</param>
/// <param name="Address">As the proxy says it.</param>
internal sealed record AddedServer(Backend? Emergency, BackendObservation Seen, string Address)
{
    /// <summary>In the order of the configuration, unknown ones last.</summary>
    public static IReadOnlyList<AddedServer> In(Pool pool, Observation observation) =>
    [
        .. observation.Nodes.SelectMany(n =>
            (n.Proxy?.Servers ?? []).Where(s => s.Pool == pool.NameInProxy && !s.HasNoAddress && !pool.Backends.Any(b => s.Is(pool, b)))
                .Select(s => (Node: n.Node, Server: s)))
            .GroupBy(x => pool.Emergency.FirstOrDefault(e => x.Server.Is(pool, e))?.Name ?? x.Server.Server)
            .Select(g => new AddedServer(
                pool.Emergency.FirstOrDefault(e => e.Name == g.Key),
                new() { Backend = g.Key, OnProxies = g.DistinctBy(x => x.Node).ToDictionary(x => x.Node, x => x.Server) },
                pool.Emergency.FirstOrDefault(e => e.Name == g.Key)?.Address ?? g.First().Server.Address ?? "?"))
            .OrderBy(a => a.Emergency is null ? int.MaxValue : pool.Emergency.ToList().IndexOf(a.Emergency)).ThenBy(a => a.Seen.Backend,
                StringComparer.Ordinal),
    ];
}
