using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Cli.Verbs.History;

/// <summary>One line a run; a killed one says what to type.</summary>
internal sealed class HumanHistoryView(Streams streams, JournalStore store, NextCommand next) : IHistoryView
{
    private readonly Style _style = new(streams.ColourOut);

    public void Many(IReadOnlyList<RunRecord> runs)
    {
        if (runs.Count == 0)
            streams.Out.WriteLine("No run yet.");
        foreach (var run in runs)
        {
            streams.Out.WriteLine($"{run.RunId}  {run.Start.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC  "
                + $"{run.Start.User}@{run.Start.Host}  {State(run)}");
            streams.Out.WriteLine($"  {run.Start.Title}");
            foreach (var (i, command) in UnfinishedRuns.WaysOf(store, run).Index())
                streams.Out.WriteLine($"  {(i == 0 ? "Next:" : "  or:")} {_style.Command(next.Qualify(command))}");
        }
    }

    public void Remind(StandbyReminder reminder)
    {
        streams.Out.WriteLine($"{_style.Warn("!")} {reminder.Text}");
        streams.Out.WriteLine($"  Next: {_style.Command(next.Qualify(reminder.Next))}");
    }

    public void One(RunRecord run)
    {
        Many([run]);
        var ends = run.Finished.GroupBy(f => f.Index).ToDictionary(g => g.Key, g => g.Last());
        for (var i = 0; i < run.Start.Plan.Count; i++)
        {
            var text = run.Start.Plan[i].Describe();
            var end = ends.TryGetValue(i, out var finished)
                ? $"{finished.At.UtcDateTime:HH:mm:ss.fff}  {finished.Status.ToString().ToLowerInvariant()}: {finished.Detail} "
                    + $"({finished.DurationMs} ms)"
                : run.Intents.Any(x => x.Index == i) ? "uncertain: it was begun, its end is not known"
                : "not started";
            streams.Out.WriteLine($"  {i + 1,2}. {text}");
            streams.Out.WriteLine($"      {end}");
        }
        foreach (var undo in ends.Values.Where(f => f.Index >= run.Start.Plan.Count))
            streams.Out.WriteLine($"      taken back: {undo.Detail} ({undo.DurationMs} ms)");
        if (run.Outcome?.Message is { } message)
            streams.Out.WriteLine($"  {message}");
    }

    private string State(RunRecord run) => run.State switch
    {
        RunState.Running => _style.Warn($"running (pid {run.Start.Pid})"),
        RunState.Killed when store.UndoOf(run.RunId) is { } undo => $"killed in the middle, taken back by {undo.RunId}",
        RunState.Killed => store.ResumeOf(run.RunId) is { } resume
            ? $"killed in the middle, finished by {resume.RunId}"
            : _style.Bad("killed in the middle"),
        _ => run.Outcome!.Result switch
        {
            RunResult.Done => store.UndoOf(run.RunId) is { } undo ? $"done, taken back by {undo.RunId}" : _style.Good("done"),
            RunResult.AlreadySo => "nothing to do",
            RunResult.Partial => _style.Bad("partly applied"),
            RunResult.RolledBack => "failed, taken back",
            var other => other.ToString().ToLowerInvariant(),
        },
    };
}
