using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Observing;

/// <summary>All nodes in scope.</summary>
internal sealed class NodesLook(LookRun run) : ILook
{
    public IReadOnlyDictionary<string, NodeLook> ByName { get; } = run.Fleet.Nodes.Where(n => run.Scope.Nodes?.Contains(n.Name) != false)
        .ToDictionary(n => n.Name, n => NodeLook.Start(run.With, run.Fleet, n, run.Scope, run.Budget));

    public Task Finished => Task.WhenAll(ByName.Values.Select(n => n.Finished));

    public Observation AddTo(Observation seen) => seen with { Nodes = [.. ByName.Values.Select(n => n.Result(run.Scope.Budget))] };
}
