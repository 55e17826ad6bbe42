using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

/// <summary>What a run ends with besides its result: the exit code and the command to type next.</summary>
internal static class RunEnd
{
    public static RunOutcome Complete(RunRequest request, RunOutcome outcome, Interrupts? interrupts) => outcome with
    {
        At = outcome.At == default ? DateTimeOffset.UtcNow : outcome.At,
        ExitCode = ExitCodeOf(outcome.Result, request.Flags, interrupts?.ExitCode),
        Next = (outcome.Next ?? NextOf(request, outcome)) is { } next ? request.Next.Qualify(next) : null,
    };

    private static int ExitCodeOf(RunResult result, MutationFlags flags, int? signal) => result switch
    {
        RunResult.Done or RunResult.AlreadySo => ExitCode.Done,
        RunResult.ChangesPending => flags.DetailedExitCode ? ExitCode.ChangesPending : ExitCode.Done,
        RunResult.Refused => ExitCode.Refused,
        RunResult.Partial => ExitCode.Partial,
        RunResult.RolledBack => ExitCode.RolledBack,
        RunResult.Locked => ExitCode.Locked,
        RunResult.Interrupted => signal ?? ExitCode.Interrupted,
        _ => ExitCode.Failed,
    };

    private static string? NextOf(RunRequest request, RunOutcome outcome) => outcome.Result switch
    {
        // There is no way back to a fenced machine: the undo would have nowhere to put the address.
        RunResult.Done or RunResult.Partial when outcome.Steps.Any(s => s is { Uses: "node.fence", Status: StepStatus.Done or StepStatus.NotConfirmed }) => "lbctl assess",
        RunResult.Done => request.Verb == "undo" ? "lbctl assess" : $"lbctl undo {outcome.RunId}",
        // The traffic has moved; what is open finishes meanwhile, and nobody wants it back.
        RunResult.Partial when outcome.Steps.Any(s => s is { Uses: "handover.wait", Status: StepStatus.NotConfirmed }) => $"lbctl resume {outcome.RunId}",
        RunResult.Partial when request.NextWhenPartial is { } finish => finish(outcome.RunId!),
        RunResult.Partial => request.Verb is "undo" ? request.CommandLine : $"lbctl undo {outcome.RunId}",
        RunResult.ChangesPending => request.CommandLine.Replace(" --dry-run", "", StringComparison.Ordinal).Replace(" --detailed-exitcode", "", StringComparison.Ordinal),
        RunResult.Refused => outcome.Refusals.Select(r => r.Next).FirstOrDefault(n => n is not null) ?? "lbctl assess",
        RunResult.Failed or RunResult.RolledBack or RunResult.Interrupted => "lbctl assess",
        _ => null,
    };
}
