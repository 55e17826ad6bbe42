using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Observing;

/// <summary>Whether clients come back to their backend, in a full look only and where somebody said that they do.</summary>
internal sealed class AffinitiesLook(LookRun run) : ILook
{
    private readonly IReadOnlyList<AffinityLook> _affinities = !run.Scope.Full ? [] :
        [.. run.Fleet.Pools.Select(p => AffinityLook.Start(run.With, run.Fleet, p, run.Budget)).OfType<AffinityLook>()];

    public Task Finished => Task.WhenAll(_affinities.Select(a => a.Finished));

    // Bounded by itself; what has failed for a reason that nobody thought of has not been measured.
    public Observation AddTo(Observation seen) => seen with
    {
        Affinities = [.. _affinities.Where(a => a.Finished.IsCompletedSuccessfully).Select(a => a.Finished.Result)],
    };
}
