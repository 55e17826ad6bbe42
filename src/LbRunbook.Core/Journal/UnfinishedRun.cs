using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Journal;

/// <summary>The newest run that may have changed the cluster, where it was cut off and nobody has finished it or taken it back.</summary>
internal sealed record UnfinishedRun(RunRecord Run)
{
    /// <summary>After this long its plan describes a world that is probably gone; a resume then asks for a flag.</summary>
    public static readonly TimeSpan Old = TimeSpan.FromHours(1);

    /// <returns>Null when the newest got through, or goes on.</returns>
    public static UnfinishedRun? Of(JournalStore store, string cluster) =>
        store.Newest(cluster).FirstOrDefault(r => r.MayHaveChanged) is { } newest && WaysOf(store, newest).Count > 0 ? new(newest) : null;

    /// <summary>Forward or back: both are safe, for both look before they act. Empty for a run that is not unfinished.</summary>
    public static IReadOnlyList<string> WaysOf(JournalStore store, RunRecord run)
    {
        if (!run.MayHaveChanged || (run.State != RunState.Killed && run.Outcome is not { Result: RunResult.Partial })
            || store.UndoOf(run.RunId) is not null || store.ResumeOf(run.RunId) is not null)
            return [];
        return run.Start.Undoes is null ? [Resume(run), $"lbctl undo {run.RunId}"] : [Resume(run)];
    }

    public static string Resume(RunRecord run) => $"lbctl resume {run.RunId}";
}
