using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Runs;

/// <summary>Asks every step's probe and applies none.</summary>
internal static class DryRun
{
    public static async Task<RunOutcome> LookAsync(Plan plan, StepContext context, CancellationToken cancellation)
    {
        var steps = await Task.WhenAll(plan.Steps.Select(s => ProbeAsync(s.Step, context, cancellation)));
        var pending = plan.Steps.Zip(steps)
            .Any(p => p.First.Step is { Changes: true, Verifiable: true } && p.Second.Status != StepStatus.Already);
        return new RunOutcome
        {
            Verb = plan.Verb,
            Result = pending ? RunResult.ChangesPending : RunResult.AlreadySo,
            Steps = steps,
        };
    }

    /// <summary>A later step may be blocked only because an earlier one has not run: that is "to be done", too.</summary>
    private static async Task<StepOutcome> ProbeAsync(Step step, StepContext context, CancellationToken cancellation)
    {
        var uses = StepKinds.NameOf(step);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(5), context.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            var seen = await step.ProbeAsync(context, limit.Token);
            return new(uses, step.Describe(), seen.Kind == ProbeKind.Satisfied ? StepStatus.Already : StepStatus.NotStarted,
                seen.Detail, 0);
        }
        catch (AdapterException e)
        {
            return new(uses, step.Describe(), StepStatus.NotStarted, e.Message, 0);
        }
        catch (OperationCanceledException)
        {
            return new(uses, step.Describe(), StepStatus.NotStarted, "could not be looked at within 5 s", 0);
        }
    }
}
