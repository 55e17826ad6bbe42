using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Journal;

/// <summary>Runs that were cut off, as the journals tell them.</summary>
internal static class UnfinishedRuns
{
    /// <returns>Null when the newest got through, or goes on.</returns>
    public static UnfinishedRun? Of(JournalStore store, string cluster) =>
        store.Newest(cluster).FirstOrDefault(r => r.MayHaveChanged) is { } newest && WaysOf(store, newest).Count > 0 ? new(newest) : null;

    /// <summary>Forward or back: both are safe, for both look before they act. Empty for a run that is not unfinished.</summary>
    public static IReadOnlyList<string> WaysOf(JournalStore store, RunRecord run)
    {
        if (!run.MayHaveChanged || (run.State != RunState.Killed && run.Outcome is not { Result: RunResult.Partial })
            || store.UndoOf(run.RunId) is not null || store.ResumeOf(run.RunId) is not null)
            return [];
        return run.Start.Undoes is null ? [UnfinishedRun.Resume(run), $"lbctl undo {run.RunId}"] : [UnfinishedRun.Resume(run)];
    }
}
