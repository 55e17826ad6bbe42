using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Observing;

/// <summary>One kind of thing that is looked at, begun when it is made. Looks run beside each other; none waits for another kind.</summary>
internal interface ILook
{
    /// <summary>Done, one way or the other; by itself or with the budget.</summary>
    Task Finished { get; }

    /// <summary>What was seen, and under <see cref="Observation.Incomplete"/> what was not.</summary>
    /// <param name="seen">What the looks before it in the list have seen: nodes come first.</param>
    Observation AddTo(Observation seen);
}

/// <summary>What one observation is about.</summary>
internal sealed record LookRun(Observers With, Fleet Fleet, ObservationScope Scope, CancellationToken Budget);

/// <summary>Everything that is looked at beside the nodes: one more is one more line.</summary>
internal static class Looks
{
    public static IReadOnlyList<Func<LookRun, NodesLook, ILook>> BesideTheNodes { get; } =
    [
        (run, nodes) => new VipsLook(run, nodes),
        (run, nodes) => new PoolsLook(run, nodes),
        (run, _) => new AffinitiesLook(run),
    ];
}
