using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Observing;

/// <summary>The backends of all pools, in a full look only.</summary>
internal sealed class PoolsLook(LookRun run, NodesLook nodes) : ILook
{
    private readonly IReadOnlyList<BackendLook> _backends = !run.Scope.Full ? [] :
    [
        .. run.Fleet.Pools.SelectMany(p => p.Backends.Select(b => BackendLook.Start(run.With, run.Fleet, p, b, run.Scope, run.Budget))),
    ];

    public Task Finished => Task.WhenAll(_backends.Select(b => b.Finished));

    public Observation AddTo(Observation seen)
    {
        List<string> missing = [.. seen.Incomplete];
        List<(NodeObservation, NodeLook)> both = [.. seen.Nodes.Select(n => (n, nodes.ByName[n.Node]))];
        return seen with
        {
            Pools = [.. _backends.GroupBy(b => b.Pool)
                .Select(g => new PoolObservation { Pool = g.Key, Backends = [.. g.Select(b => b.Result(both, missing))] })],
            Incomplete = missing,
        };
    }
}
