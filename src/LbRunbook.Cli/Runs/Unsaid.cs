using LbRunbook.Cli.Output;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

/// <summary>What a run could not say in one place, said in the others.</summary>
internal static class Unsaid
{
    /// <summary>For a reader that keeps up; a stopped terminal is not waited for.</summary>
    private static readonly TimeSpan KeepsUp = TimeSpan.FromMilliseconds(300);

    /// <summary>For the outcome, which goes to all of them.</summary>
    public static IEnumerable<string> SoFar(Streams streams, JournalWriter journal, string runId)
    {
        streams.Drain(KeepsUp);
        if (journal.Failure is { } file)
            yield return $"the journal could not be written ({file}): history, undo and resume know this run in part, or not at all";
        if (Logs.Failure is { } log)
            yield return $"the log could not be written ({log})";
        foreach (var (name, loss) in new[] { ("stdout", streams.OutLoss), ("stderr", streams.ErrorLoss) })
            if (loss is not null)
                yield return $"{name} could not be written ({loss.Reason}){(journal.Incomplete ? "" : $": lbctl history {runId} has every step")}";
    }

    /// <summary>After the outcome: who reads the journal must know that nobody was told.</summary>
    public static void WriteDown(CliContext context, JournalWriter journal, string runId)
    {
        context.Streams.Drain(KeepsUp);
        if (context.Streams.OutLoss is not { } loss)
            return;
        var warning = new RunWarned($"stdout could not be written ({loss.Reason}): the outcome was not told there") { At = context.Time.GetUtcNow() };
        journal.Write(warning);
        Logs.Event(runId, warning);
    }
}
