using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Cli.Verbs.History;

/// <summary>One line a run; a killed one says what to type.</summary>
internal sealed class HumanHistoryView(Streams streams, NextCommand next) : IHistoryView
{
    /// <summary>Runs after which what was said so far is written out.</summary>
    private const int Page = 20;

    private readonly Style _style = new(streams.ColourOut);

    public void Many(IEnumerable<RunRecord> runs)
    {
        var (shown, lineage) = (0, new RunLineage());
        foreach (var run in runs)
        {
            Head(run, lineage);
            lineage.AddOlder(run);
            if (++shown % Page == 0)
                streams.Out.Flush();
        }
        if (shown == 0)
            streams.Out.WriteLine("No run yet.");
    }

    private void Head(RunRecord run, RunLineage lineage)
    {
        streams.Out.WriteLine($"{run.RunId}  {run.Start.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC  "
            + $"{run.Start.User}@{run.Start.Host}  {State(run, lineage)}");
        streams.Out.WriteLine($"  {run.Start.Title}");
        foreach (var (i, command) in UnfinishedRuns.WaysOf(lineage, run).Index())
            streams.Out.WriteLine($"  {(i == 0 ? "Next:" : "  or:")} {_style.Command(next.Qualify(command))}");
    }

    public void Remind(StandbyReminder reminder)
    {
        streams.Out.WriteLine($"{_style.Warn("!")} {reminder.Text}");
        streams.Out.WriteLine($"  Next: {_style.Command(next.Qualify(reminder.Next))}");
    }

    public void One(RunRecord run, RunLineage lineage)
    {
        Head(run, lineage);
        var ends = run.Finished.GroupBy(f => f.Index).ToDictionary(g => g.Key, g => g.Last());
        for (var i = 0; i < run.Start.Plan.Count; i++)
        {
            var text = run.Start.Plan[i].Describe();
            var end = ends.TryGetValue(i, out var finished)
                ? $"{finished.At.UtcDateTime:HH:mm:ss.fff}  {finished.Status.ToString().ToLowerInvariant()}: {finished.Detail} "
                    + $"({finished.DurationMs} ms)"
                : run.Intents.Any(x => x.Index == i) ? "uncertain: it was begun, its end is not known"
                : run.JournalCut ? "not written down"
                : "not started";
            streams.Out.WriteLine($"  {i + 1,2}. {text}");
            streams.Out.WriteLine($"      {end}");
        }
        foreach (var undo in ends.Values.Where(f => f.Index >= run.Start.Plan.Count))
            streams.Out.WriteLine($"      taken back: {undo.Detail} ({undo.DurationMs} ms)");
        if (run.Outcome?.Message is { } message)
            streams.Out.WriteLine($"  {message}");
    }

    private string State(RunRecord run, RunLineage lineage) => run.State switch
    {
        RunState.Running => _style.Warn($"running (pid {run.Start.Pid})"),
        RunState.Killed => Fate(run, lineage) is { } fate ? $"killed in the middle, {fate}" : _style.Bad("killed in the middle"),
        _ => run.Outcome!.Result switch
        {
            RunResult.Done => lineage.UndoOf(run.RunId) is { } undo ? $"done, taken back by {undo.RunId}" : _style.Good("done"),
            RunResult.AlreadySo => "nothing to do",
            RunResult.Partial => Fate(run, lineage) is { } fate ? $"partly applied, {fate}" : _style.Bad("partly applied"),
            RunResult.RolledBack => "failed, taken back",
            var other => other.ToString().ToLowerInvariant(),
        } + (run.JournalCut ? $" ({_style.Warn("its journal's disk was full: not all of it is written down")})" : ""),
    };

    /// <summary>What became of a run that did not get through; null = nothing yet.</summary>
    private static string? Fate(RunRecord run, RunLineage lineage) =>
        lineage.UndoOf(run.RunId) is { } undo ? $"taken back by {undo.RunId}"
        : lineage.ResumeOf(run.RunId) is { } resume ? $"finished by {resume.RunId}"
        : lineage.LaterThan(run).LastOrDefault() is { } later ? $"superseded by {later.RunId}"
        : null;
}
