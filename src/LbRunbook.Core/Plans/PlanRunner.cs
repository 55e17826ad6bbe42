namespace LbRunbook.Core.Plans;

/// <summary>
/// The only caller of <see cref="Step.ApplyAsync"/>: looks, writes down what it is about to do, does it, and waits until the world shows
/// it. Dry-run means that this class is never called.
/// </summary>
/// <param name="context">What the steps work with.</param>
/// <param name="emit">Subscribers; an exception from one is theirs to swallow, never ours to die of.</param>
public sealed class PlanRunner(StepContext context, Action<RunEvent> emit)
{
    /// <summary>A rollback gets its own time, however the run ended.</summary>
    private static readonly TimeSpan UndoBudget = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();

    /// <param name="interrupted">
    /// Fires on the first signal. The step under way is finished, nothing new starts (except steps that would leave a worse state
    /// unfinished), then the plan's policy applies.
    /// </param>
    public async Task<RunOutcome> RunAsync(Plan plan, CancellationToken interrupted)
    {
        var started = context.Time.GetTimestamp();
        var progress = new RunProgress(plan);
        foreach (var block in Blocks(plan))
        {
            await Task.WhenAll(block.Select(lane => RunLaneAsync(plan, lane, progress, interrupted)));
            if (progress.Failure is not null || progress.Stopped)
                break;
        }

        var changed = progress.Records.Any(r => r.Changed);
        var undone = TakesBack(plan, progress) is { Count: > 0 } back && await UndoAsync(plan, progress, back);
        return new RunOutcome
        {
            Verb = plan.Verb,
            Result = Judge(progress, changed, undone),
            DurationMs = (long)context.Time.GetElapsedTime(started).TotalMilliseconds,
            Changed = changed && !undone,
            Message = Explain(progress, plan),
            Notes = progress.Failure is null && !progress.Stopped ? plan.Afterwards : [],
            Steps = progress.Outcomes(),
        };
    }

    /// <summary>Steps without a lane are blocks of one; neighbours with lanes are one block, lane by lane.</summary>
    private static IEnumerable<IReadOnlyList<IReadOnlyList<int>>> Blocks(Plan plan)
    {
        for (var i = 0; i < plan.Steps.Count;)
        {
            if (plan.Steps[i].Lane is null)
            {
                yield return [[i++]];
                continue;
            }
            var start = i;
            while (i < plan.Steps.Count && plan.Steps[i].Lane is not null)
                i++;
            yield return [.. Enumerable.Range(start, i - start).GroupBy(k => plan.Steps[k].Lane).Select(g => (IReadOnlyList<int>)[.. g])];
        }
    }

    private async Task RunLaneAsync(Plan plan, IReadOnlyList<int> lane, RunProgress progress, CancellationToken interrupted)
    {
        foreach (var index in lane)
        {
            if (interrupted.IsCancellationRequested && progress.MayStop(plan.Steps[index].Lane))
            {
                progress.Stop();
                return;
            }
            var planned = plan.Steps[index];
            var run = new StepRun(context, Emit, index, interrupted: interrupted);
            var skip = planned.DoneBefore && !planned.Step.Verifiable && !progress.Records.Any(r => r.Changed);
            var record = skip ? run.Skip(planned.Step) : await run.RunAsync(planned.Step);
            progress.Add(index, record);
            if (record.Status is not (StepStatus.Done or StepStatus.Already))
                return;
        }
    }

    private static RunResult Judge(RunProgress progress, bool changed, bool undone)
    {
        if (progress.Failure is null && !progress.Stopped)
            return changed ? RunResult.Done : RunResult.AlreadySo;
        if (changed)
            return undone ? RunResult.RolledBack : RunResult.Partial;
        if (progress.Stopped)
            return RunResult.Interrupted;
        return progress.Failure!.Value.Record.Status == StepStatus.Blocked ? RunResult.Refused : RunResult.Failed;
    }

    private static string? Explain(RunProgress progress, Plan plan)
    {
        if (progress.Failure is { } failure)
            return $"step {failure.Index + 1} of {plan.Steps.Count} ({failure.Record.Step.Describe()}): {failure.Record.Detail}";
        return progress.Stopped ? $"interrupted after {progress.Records.Count} of {plan.Steps.Count} steps" : null;
    }

    /// <summary>By the plan's policy all of it or nothing; a scaffold in any case, when a run fails before it has moved anything.</summary>
    private static List<StepRecord> TakesBack(Plan plan, RunProgress progress)
    {
        var applied = progress.Records.Where(r => r.Applied).ToList();
        if (progress.Failure is null && !progress.Stopped || !applied.Exists(r => r.Changed))
            return [];
        if (plan.OnFailure == OnFailure.Undo)
            return applied;
        return progress.Failure is not null && applied.TrueForAll(r => r.Step.Phase == StepPhase.Prepare)
            ? applied.FindAll(r => r.Step.Scaffold)
            : [];
    }

    /// <returns>True when everything that had changed was taken back.</returns>
    private async Task<bool> UndoAsync(Plan plan, RunProgress progress, List<StepRecord> back)
    {
        using var budget = new CancellationTokenSource(UndoBudget, context.Time);
        var allUndone = true;
        var index = plan.Steps.Count;
        foreach (var inverse in UndoOrder.Of(back.Select(r => r.Inverse)))
        {
            if (budget.IsCancellationRequested)
                return false;
            var record = await new StepRun(context, Emit, index++, undoing: true).RunAsync(inverse);
            allUndone &= record.Status is StepStatus.Done or StepStatus.Already;
        }
        return allUndone && progress.Records.Where(r => r.Changed).All(r => r.Inverse is not null && back.Contains(r));
    }

    /// <summary>One at a time: subscribers write files and screens.</summary>
    private void Emit(RunEvent e)
    {
        lock (_gate)
            emit(e with { At = context.Time.GetUtcNow() });
    }
}
