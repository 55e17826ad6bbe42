using System.Diagnostics;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Plans;

/// <summary>
/// The only caller of <see cref="Step.ApplyAsync"/>: looks, writes down what it is about to do, does it, and waits until the world shows it.
/// Dry-run means that this class is never called.
/// </summary>
/// <param name="context">What the steps work with.</param>
/// <param name="emit">Subscribers; an exception from one is theirs to swallow, never ours to die of.</param>
public sealed class PlanRunner(StepContext context, Action<RunEvent> emit)
{
    /// <summary>A rollback gets its own time, however the run ended.</summary>
    private static readonly TimeSpan UndoBudget = TimeSpan.FromSeconds(60);

    /// <param name="plan">What to do.</param>
    /// <param name="interrupted">
    /// Fires on the first signal. The step under way is finished, nothing new starts (except steps that would leave a worse state unfinished), then the plan's policy applies.
    /// </param>
    public async Task<RunOutcome> RunAsync(Plan plan, CancellationToken interrupted)
    {
        var clock = Stopwatch.StartNew();
        var records = new List<StepRecord>();
        var mayStop = true;
        StepRecord? failure = null;
        foreach (var planned in plan.Steps)
        {
            if (interrupted.IsCancellationRequested && mayStop)
                break;
            var run = new StepRun(context, Emit, records.Count, interrupted: interrupted);
            var skip = planned.DoneBefore && !planned.Step.Verifiable && !records.Any(r => r.Changed);
            var record = skip ? run.Skip(planned.Step) : await run.RunAsync(planned.Step);
            records.Add(record);
            mayStop = !planned.HoldAfter;
            if (record.Status is StepStatus.Done or StepStatus.Already)
                continue;
            failure = record;
            break;
        }

        var stopped = failure is null && records.Count < plan.Steps.Count;
        var changed = records.Any(r => r.Changed);
        var undone = false;
        if ((failure is not null || stopped) && changed && plan.OnFailure == OnFailure.Undo)
            undone = await UndoAsync(records);
        var result = Judge(failure, stopped, changed, undone, records);
        return new RunOutcome
        {
            Verb = plan.Verb,
            Result = result,
            DurationMs = clock.ElapsedMilliseconds,
            Changed = changed && !undone,
            Message = Explain(failure, stopped, plan, records),
            Notes = failure is null && !stopped ? plan.Afterwards : [],
            Steps = [.. records.Select(r => r.ToOutcome()), .. plan.Steps.Skip(records.Count).Select(NotStarted)],
        };
    }

    private static RunResult Judge(StepRecord? failure, bool stopped, bool changed, bool undone, List<StepRecord> records)
    {
        if (failure is null && !stopped)
            return changed ? RunResult.Done : RunResult.AlreadySo;
        if (changed)
            return undone ? RunResult.RolledBack : RunResult.Partial;
        if (stopped)
            return RunResult.Interrupted;
        return failure!.Status == StepStatus.Blocked ? RunResult.Refused : RunResult.Failed;
    }

    private static string? Explain(StepRecord? failure, bool stopped, Plan plan, List<StepRecord> records)
    {
        if (failure is not null)
            return $"step {records.Count} of {plan.Steps.Count} ({failure.Step.Describe()}): {failure.Detail}";
        return stopped ? $"interrupted after {records.Count} of {plan.Steps.Count} steps" : null;
    }

    /// <returns>True when everything that had changed was taken back.</returns>
    private async Task<bool> UndoAsync(List<StepRecord> records)
    {
        using var budget = new CancellationTokenSource(UndoBudget, context.Time);
        var inverses = UndoOrder.Of(records.Where(r => r.Applied).Select(r => r.Inverse));
        var allUndone = true;
        var index = records.Count;
        foreach (var inverse in inverses)
        {
            if (budget.IsCancellationRequested)
                return false;
            var record = await new StepRun(context, Emit, index++, undoing: true).RunAsync(inverse);
            allUndone &= record.Status is StepStatus.Done or StepStatus.Already;
        }
        return allUndone && records.Where(r => r.Changed).All(r => r.Inverse is not null);
    }

    private static StepOutcome NotStarted(PlannedStep planned) =>
        new(PlanJson.UsesOf(planned.Step), planned.Step.Describe(), StepStatus.NotStarted, "", 0);

    private void Emit(RunEvent e) => emit(e with { At = context.Time.GetUtcNow() });
}
