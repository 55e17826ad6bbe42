using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>A run that was cut off comes before what it has left behind: nobody sweeps two holders in the middle of a failover.</summary>
internal static class UnfinishedRunRule
{
    public static IEnumerable<Finding> Apply(UnfinishedRun? unfinished, IReadOnlyList<Finding> beside, DateTimeOffset now)
    {
        if (unfinished is null)
            yield break;
        var run = unfinished.Run;
        var age = now - run.Start.At;
        var seconds = TimeSpan.FromSeconds(Math.Max(0, Math.Round(age.TotalSeconds)));
        var severity = beside.Any(f => f.Severity == Severity.Critical) ? Severity.Critical : Severity.Warning;
        var ended = run.State == RunState.Killed ? "was killed in the middle" : "was applied in part";
        var back = run.Start.Undoes is null ? $"; lbctl undo {run.RunId} takes it back" : "";
        yield return new(DiagnosisCode.RunUnfinished, severity, run.RunId,
            $"{run.RunId} ({run.Start.Title}) {ended} {Durations.Format(seconds)} ago{back}",
            // Too old to go on with unseen: first what it did.
            age > UnfinishedRun.Old ? $"lbctl history {run.RunId}" : UnfinishedRun.Resume(run));
    }
}
