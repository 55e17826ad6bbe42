using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Diagnosis;

/// <summary>The newest run that may have changed the cluster, where it was cut off and nobody has finished it or taken it back.</summary>
public sealed record UnfinishedRun(RunRecord Run)
{
    /// <summary>After this long its plan describes a world that is probably gone; a resume then asks for a flag.</summary>
    public static readonly TimeSpan Old = TimeSpan.FromHours(1);

    public static string Resume(RunRecord run) => $"lbctl resume {run.RunId}";

    public static string Undo(RunRecord run) => $"lbctl undo {run.RunId}";

    /// <summary>Too old to go on with unseen: first what it did.</summary>
    public string NextAt(DateTimeOffset now) => now - Run.Start.At > Old ? $"lbctl history {Run.RunId}" : Resume(Run);

    /// <summary>What it was about, how it ended, how long ago; and the way back, where there is one.</summary>
    public string SentenceAt(DateTimeOffset now)
    {
        var seconds = TimeSpan.FromSeconds(Math.Max(0, Math.Round((now - Run.Start.At).TotalSeconds)));
        var ended = Run.State == RunState.Killed ? "was killed in the middle" : "was applied in part";
        var back = Run is { Start.Undoes: null, JournalCut: false } ? $"; {Undo(Run)} takes it back" : "";
        return $"{Run.RunId} ({Run.Start.Title}) {ended} {Durations.Format(seconds)} ago{back}";
    }
}
