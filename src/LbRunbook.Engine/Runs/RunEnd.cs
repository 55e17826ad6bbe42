using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Runs;

/// <summary>What a run ends with besides its result: the exit code and the command to type next.</summary>
internal static class RunEnd
{
    /// <param name="plan">Null = it never came to one that was carried out.</param>
    /// <param name="outcome">How its steps ended.</param>
    /// <param name="signal">What interrupted it; null = nothing did.</param>
    public static RunOutcome Complete(RunInHand run, Plan? plan, RunOutcome outcome, int? signal)
    {
        var next = outcome.Next ?? NextOf(run, plan, outcome);
        var other = OtherWay(plan, outcome, next);
        return outcome with
        {
            ExitCode = ExitCodeOf(outcome.Result, run.Options, signal),
            Next = next is null ? null : run.Options.Qualify(next),
            Or = other is null ? null : run.Options.Qualify(other),
        };
    }

    /// <summary>
    /// Whoever stands in the middle may go forward or back: both look before they act. Not where the way back is none, or was said to be
    /// another one; and a run without a journal has neither.
    /// </summary>
    private static string? OtherWay(Plan? plan, RunOutcome outcome, string? next)
    {
        if (outcome.Result != RunResult.Partial || outcome.RunId is not { } id || plan is null || plan.Undoes is not null)
            return null;
        var (back, on) = ($"lbctl undo {id}", $"lbctl resume {id}");
        return next == back ? on
            : next == on && !Ended(plan, outcome, WayBack.Unwanted, StepStatus.NotConfirmed) ? back
            : null;
    }

    private static int ExitCodeOf(RunResult result, RunOptions options, int? signal) => result switch
    {
        RunResult.Done or RunResult.AlreadySo => ExitCode.Done,
        RunResult.ChangesPending => options.DetailedExitCode ? ExitCode.ChangesPending : ExitCode.Done,
        RunResult.Refused => ExitCode.Refused,
        RunResult.Partial => ExitCode.Partial,
        RunResult.RolledBack => ExitCode.RolledBack,
        RunResult.Locked => ExitCode.Locked,
        RunResult.Interrupted => signal ?? ExitCode.Interrupted,
        _ => ExitCode.Failed,
    };

    private static string? NextOf(RunInHand run, Plan? plan, RunOutcome outcome) => outcome.Result switch
    {
        RunResult.Done or RunResult.Partial when Ended(plan, outcome, WayBack.None, StepStatus.Done, StepStatus.NotConfirmed) =>
            "lbctl assess",
        RunResult.Done => plan?.Undoes is null ? $"lbctl undo {outcome.RunId}" : "lbctl assess",
        RunResult.Partial when Ended(plan, outcome, WayBack.Unwanted, StepStatus.NotConfirmed) => $"lbctl resume {outcome.RunId}",
        RunResult.Partial when run.Action.NextWhenPartial(outcome.RunId!) is { } finish => finish,
        RunResult.Partial => plan?.Undoes is null ? $"lbctl undo {outcome.RunId}" : run.Options.Command,
        RunResult.ChangesPending =>
            run.Options.Command.Replace(" --dry-run", "", StringComparison.Ordinal)
                .Replace(" --detailed-exitcode", "", StringComparison.Ordinal),
        RunResult.Refused => outcome.Refusals.Select(r => r.Next).FirstOrDefault(n => n is not null) ?? "lbctl assess",
        RunResult.Failed or RunResult.RolledBack or RunResult.Interrupted => "lbctl assess",
        _ => null,
    };

    private static bool Ended(Plan? plan, RunOutcome outcome, WayBack way, params ReadOnlySpan<StepStatus> how)
    {
        foreach (var (planned, step) in (plan?.Steps ?? []).Zip(outcome.Steps))
            if (planned.Step.WayBack == way && how.Contains(step.Status))
                return true;
        return false;
    }
}
