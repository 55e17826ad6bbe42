using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Engine.Past;

/// <summary>A run of the journal with everything that decides whether it may be taken back or gone on with.</summary>
internal sealed record PastRun
{
    /// <summary>The run in question and those that it went on with, oldest first; all have the same plan.</summary>
    public required IReadOnlyList<RunRecord> Chain { get; init; }

    /// <summary>The run that took it back already.</summary>
    public RunRecord? UndoneBy { get; init; }

    /// <summary>The run that finished it already.</summary>
    public RunRecord? ResumedBy { get; init; }

    /// <summary>Newer runs that changed this cluster and were not taken back, newest first.</summary>
    public IReadOnlyList<RunRecord> Later { get; init; } = [];

    public RunRecord Run => Chain[^1];
    public bool MayHaveChanged => Chain.Any(r => r.MayHaveChanged);

    public static PastRun Of(JournalStore store, Fleet fleet, RunRecord run) => new()
    {
        Chain = store.Chain(run),
        UndoneBy = store.UndoOf(run.RunId),
        ResumedBy = store.ResumeOf(run.RunId),
        Later =
        [
            .. store.Newest(fleet.Cluster)
                .TakeWhile(r => r.RunId != run.RunId)
                .Where(r => r.MayHaveChanged && r.Start.Undoes is null && store.UndoOf(r.RunId) is null),
        ],
    };

    /// <param name="id">As typed; null = the newest that <paramref name="suits"/>.</param>
    /// <param name="suits">What may be meant by saying nothing.</param>
    /// <param name="none">The error when nothing suits.</param>
    public static PastRun Choose(JournalStore store, Fleet fleet, string? id, Func<RunRecord, bool> suits, string none)
    {
        if (id is null)
        {
            var newest = store.Newest(fleet.Cluster).FirstOrDefault(suits);
            return newest is not null ? Of(store, fleet, newest) : throw new OperatorException(ExitCode.Usage, none, "lbctl history");
        }
        if (store.Find(id) is { } found)
            return Of(store, fleet, found);
        var near = Nearest.To(id, store.Newest(fleet.Cluster).Select(r => r.RunId));
        throw new OperatorException(ExitCode.Usage, $"no run '{id}'{(near is null ? "" : $"; did you mean {near}?")}", "lbctl history");
    }
}
