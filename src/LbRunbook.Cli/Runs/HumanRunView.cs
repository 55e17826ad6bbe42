using LbRunbook.Cli.Output;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Cli.Runs;

/// <summary>
/// Cluster, topology, plan and one line a step on stderr; the result (topology after, what clients saw, how to take it back) on stdout.
/// </summary>
internal sealed class HumanRunView(Fleet fleet, Streams streams, TimeProvider time) : IRunView
{
    private readonly Style _style = new(streams.ColourError);
    private readonly Style _result = new(streams.ColourOut);
    private readonly LiveLine _live = new(streams.Error, time, streams.ErrorIsTerminal);
    private readonly Dictionary<int, string> _texts = [];
    private TimeSpan _budget;
    private TimeSpan _clock = TimeSpan.FromSeconds(60);
    private int _steps;

    private void Planned(PlanMade plan)
    {
        var error = streams.Error;
        _steps = plan.Steps.Count;
        _clock = plan.Plan?.Budget ?? _clock;
        var production = plan.Environment == "production";
        error.WriteLine($"{_style.Bold(plan.Cluster)} ({(production ? _style.Warn(plan.Environment) : plan.Environment)})");
        WriteTopology("Now:", plan.Before, error);
        error.WriteLine($"Plan: {plan.Title} (clock: {Durations.Format(_clock)})");
        foreach (var (i, sentence) in plan.Sentences.Index())
            error.WriteLine($"  {i + 1,2}. {sentence}");
        foreach (var warning in plan.Warnings)
            error.WriteLine($"  {_style.Warn("!")} {warning}");
        error.Flush();
    }

    public void On(RunEvent e)
    {
        switch (e)
        {
            case PlanMade plan:
                Planned(plan);
                break;
            case RunOutcome outcome:
                Ended(outcome);
                break;
            case StepStarted started:
                _budget = TimeSpan.FromMilliseconds(started.BudgetMs);
                _texts[started.Index] = started.Undoing ? $"take back: {started.Text}" : started.Text;
                _live.Show(_texts[started.Index], _budget);
                break;
            case StepWaiting waiting:
                _live.Show($"{_texts[waiting.Index]}: {waiting.Seen}", _budget);
                break;
            case StepNoted noted:
                _live.Print($"    {_style.Dim("·")} {noted.Text}");
                break;
            case StepFinished finished:
                _live.Print(Line(finished));
                break;
            case Alerted { Level: AlertLevel.Resolved } resolved:
                _live.Print($"  {_style.Good("RESOLVED")} {resolved.Message}");
                break;
            case Alerted alert:
                _live.Print($"  {_style.Bad("CRITICAL")} {alert.Message}");
                break;
            case RunWarned warned:
                _live.Print($"  {_style.Warn("warning:")} {warned.Message}");
                break;
        }
    }

    private void Ended(RunOutcome outcome)
    {
        _live.Dispose();
        streams.Error.Flush();
        var output = streams.Out;
        WriteTopology(outcome.Result == RunResult.Refused ? "Now:" : "After:", outcome.Seen, output);
        foreach (var gap in outcome.Gaps)
            output.WriteLine(GapLine(gap));
        foreach (var refusal in outcome.Refusals)
            WriteRefusal(refusal, output);
        output.WriteLine(Verdict(outcome));
        foreach (var note in outcome.Notes)
            output.WriteLine($"Note: {note}");
        if (outcome.Next is { } next)
            output.WriteLine($"{(next.Contains(" undo ", StringComparison.Ordinal) ? "Undo" : "Next")}: {_result.Command(next)}");
        if (outcome.Or is { } other)
            output.WriteLine($"  or: {_result.Command(other)}");
        output.Flush();
    }

    public void Dispose() => _live.Dispose();

    private void WriteTopology(string title, Observation? seen, TextWriter output)
    {
        if (seen is null)
            return;
        output.WriteLine(title);
        foreach (var line in TopologyLines.Of(fleet, seen))
            output.WriteLine($"  {line}");
    }

    private string Line(StepFinished step)
    {
        // The plan above has the sentences: a step that went well says only what is so now.
        var (sign, text) = step.Status switch
        {
            StepStatus.Done => (_style.Good("✓"), step.Detail),
            StepStatus.Already => (_style.Dim("="), step.Detail),
            StepStatus.Blocked => (_style.Bad("✗"), $"{_texts.GetValueOrDefault(step.Index)}: blocked: {step.Detail}"),
            StepStatus.NotConfirmed => (_style.Warn("?"), $"{_texts.GetValueOrDefault(step.Index)}: {step.Detail}"),
            _ => (_style.Bad("✗"), $"{_texts.GetValueOrDefault(step.Index)}: failed: {step.Detail}"),
        };
        var number = step.Index < _steps ? $"{step.Index + 1}/{_steps} " : "";
        return $"  {sign} {number}{text} {_style.Dim($"({step.DurationMs} ms)")}";
    }

    private static void WriteRefusal(Refusal refusal, TextWriter output)
    {
        output.WriteLine($"Refused: {refusal.Reason} [{refusal.Guard}]");
        if (refusal.Override is { } flag)
            output.WriteLine($"         to do it nevertheless: {flag}");
    }

    private static string GapLine(TrafficGap gap) => gap.Failed == 0
        ? $"Traffic: {gap.Requests} new connections to {gap.Target} from here during the run, none failed"
        : gap.Failed == gap.Requests
        ? $"Traffic: none of {gap.Requests} new connections to {gap.Target} from here was answered, from the beginning to the end"
        : $"Traffic: {gap.Failed} of {gap.Requests} new connections to {gap.Target} from here failed; longest outage "
            + $"{gap.LongestOutageMs:0} ms";

    private string Verdict(RunOutcome outcome)
    {
        var took = $"{outcome.DurationMs / 1000.0:0.0} s";
        var clock = _steps > 0 ? $" of the {Durations.Format(_clock)} clock" : "";
        return outcome.Result switch
        {
            RunResult.Done => $"{_result.Good("Done")} in {took}{clock} (run {outcome.RunId})",
            RunResult.AlreadySo => $"{_result.Good("Already so")}: nothing was changed",
            RunResult.ChangesPending => "Dry run: nothing was changed",
            RunResult.Refused => $"{_result.Bad("Refused")}; nothing was changed{Because(outcome)}",
            // The end of our patience is not a failure of the thing that was waited for.
            RunResult.Failed when TimedOut(outcome) => $"{_result.Warn("Not confirmed")}; nothing was changed{Because(outcome)}",
            RunResult.Failed => $"{_result.Bad("Failed")}; nothing was changed{Because(outcome)}",
            RunResult.RolledBack => $"{_result.Bad("Failed")}, and taken back{Because(outcome)} (run {outcome.RunId})",
            RunResult.Partial when TimedOut(outcome) =>
                $"{_result.Warn("Not confirmed: look at it")}{Because(outcome)} (run {outcome.RunId})",
            RunResult.Partial => $"{_result.Bad("Partly applied: look at it")}{Because(outcome)} (run {outcome.RunId})",
            RunResult.Locked => $"{_result.Warn("Locked")}; nothing was changed{Because(outcome)}",
            _ => $"{_result.Warn("Interrupted")}; nothing was changed",
        };
    }

    private static bool TimedOut(RunOutcome outcome) => outcome.Steps.Any(s => s.Status == StepStatus.NotConfirmed);

    private static string Because(RunOutcome outcome) => outcome.Message is { } message ? $": {message}" : "";
}
