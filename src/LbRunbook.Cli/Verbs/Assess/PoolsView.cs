using LbRunbook.Cli.Output;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>Backends by points of view: ours, and each node's proxy.</summary>
internal static class PoolsView
{
    public static IRenderable Of(Fleet fleet, Observation observation)
    {
        var nodes = fleet.Nodes.OrderByDescending(n => n.Priority)
            .Where(n => observation.Pools.SelectMany(p => p.Backends)
                .Any(b => b.OnProxies.ContainsKey(n.Name) || b.FromNodes.ContainsKey(n.Name)))
            .ToList();
        var table = Tables.Create(["POOL", "BACKEND", "ADDRESS", "~FROM HERE", .. nodes.Select(n => $"~ON {n.Name}"), ">SESSIONS"]);
        foreach (var pool in observation.Pools)
        {
            var first = true;
            foreach (var backend in pool.Backends)
            {
                var configured = fleet.Pools.FirstOrDefault(p => p.Name == pool.Pool)?.Backends
                    .FirstOrDefault(b => b.Name == backend.Backend);
                List<string> cells =
                [
                    first ? $"{PlainText.Markup(pool.Pool)} {100 * pool.HealthRatio:0} %" : "",
                    PlainText.Markup(backend.Backend),
                    configured is null ? "?" : PlainText.Markup($"{configured.Host}:{configured.Port}"),
                    Here(backend),
                    .. nodes.Select(n => On(backend, n.Name)),
                    backend.OnProxies.Count == 0 ? "?" : Sessions(backend.OnProxies.Values),
                ];
                table.AddRow([.. cells.Select(c => new Markup(c))]);
                first = false;
            }
            foreach (var added in fleet.Pools.Where(p => p.Name == pool.Pool).SelectMany(p => AddedServer.In(p, observation)))
                table.AddRow([.. Cells(added, nodes).Select(c => new Markup(c))]);
        }
        return Tables.Finish(table);
    }

    /// <summary>Marked: it is not in the pool's own list, and its health is not part of the pool's.</summary>
    private static IEnumerable<string> Cells(AddedServer added, IReadOnlyList<Node> nodes) =>
    [
        "",
        PlainText.Markup($"+ {added.Seen.Backend}"),
        PlainText.Markup(added.Address),
        "",
        .. nodes.Select(n => added.Seen.OnProxies.ContainsKey(n.Name) ? On(added.Seen, n.Name) : ""),
        Sessions(added.Seen.OnProxies.Values),
    ];

    /// <summary>"3+" = three were counted, and there may be more.</summary>
    private static string Sessions(IEnumerable<ServerState> servers)
    {
        var (sum, more) = (servers.Sum(s => s.CurrentSessions), servers.Any(s => s.MoreSessions is not null));
        return !more ? $"{sum}" : sum == 0 ? "?" : $"{sum}+";
    }

    private static string Here(BackendObservation backend)
    {
        if (backend.Deep is { Healthy: false } deep)
            return Tables.Bad($"DEEP: {deep.Detail}");
        return Check(backend.FromHere);
    }

    /// <summary>The proxy's word counts; where it has none, what the node's own check found.</summary>
    private static string On(BackendObservation backend, string node)
    {
        if (backend.OnProxies.TryGetValue(node, out var state))
            return state.InRotation ? PlainText.Markup(state.Status) : Tables.Bad(state.Status);
        return Check(backend.FromNodes.GetValueOrDefault(node));
    }

    private static string Check(CheckResult? check) => check switch
    {
        null => "?",
        { Healthy: true } => $"ok {check.Took.TotalMilliseconds:0} ms",
        _ => Tables.Bad($"DOWN: {check.Detail}"),
    };
}
