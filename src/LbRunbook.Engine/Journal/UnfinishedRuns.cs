using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Journal;

/// <summary>Runs that were cut off, as the journals tell them.</summary>
internal static class UnfinishedRuns
{
    /// <returns>Null when the newest got through, or goes on.</returns>
    public static UnfinishedRun? Of(JournalStore store, string cluster) =>
        store.Newest(cluster).FirstOrDefault(r => r.MayHaveChanged) is { } newest && WaysOf(store.Since(newest.RunId), newest).Count > 0
            ? new(newest) : null;

    /// <summary>Forward or back: both are safe, for both look before they act. Empty for a run that is not unfinished.</summary>
    /// <param name="lineage">Of all newer runs.</param>
    public static IReadOnlyList<string> WaysOf(RunLineage lineage, RunRecord run)
    {
        if (!run.MayHaveChanged || (run.State != RunState.Killed && run.Outcome is not { Result: RunResult.Partial })
            || lineage.UndoOf(run.RunId) is not null || lineage.ResumeOf(run.RunId) is not null || lineage.LaterThan(run).Any())
            return [];
        // What is not written down cannot be taken back.
        return run.Start.Undoes is null && !run.JournalCut
            ? [UnfinishedRun.Resume(run), UnfinishedRun.Undo(run)]
            : [UnfinishedRun.Resume(run)];
    }
}
