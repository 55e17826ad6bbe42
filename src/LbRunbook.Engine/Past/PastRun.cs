using LbRunbook.Core.Plans;
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

    public static PastRun Of(JournalStore store, RunRecord run)
    {
        var lineage = store.Since(run.RunId);
        return new()
        {
            Chain = store.Chain(run),
            UndoneBy = lineage.UndoOf(run.RunId),
            ResumedBy = lineage.ResumeOf(run.RunId),
            Later = [.. lineage.LaterThan(run)],
        };
    }
}
