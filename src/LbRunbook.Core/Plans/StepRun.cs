using System.Text.Json.Nodes;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Plans;

/// <summary>What became of one step.</summary>
/// <param name="Applied">It was, or may have been.</param>
internal sealed record StepRecord(Step Step, StepStatus Status, string Detail, long DurationMs, bool Applied, Step? Inverse)
{
    /// <summary>An announcement alone changes nothing that could be taken back.</summary>
    public bool Changed => Applied && Step.Verifiable;

    public StepOutcome ToOutcome() => new(StepKinds.NameOf(Step), Step.Describe(), Status, Detail, DurationMs);
}

/// <summary>One step, once: probe, intent, apply, verify by polling, all inside the step's own budget.</summary>
internal sealed class StepRun(StepContext context, Action<RunEvent> emit, int index, bool undoing = false,
    CancellationToken interrupted = default)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private long _started;
    private string _lastSeen = "";

    public async Task<StepRecord> RunAsync(Step step)
    {
        _started = context.Time.GetTimestamp();
        emit(new StepStarted(index, step.Describe(), (long)step.Timeout.TotalMilliseconds, undoing));
        using var budget = new CancellationTokenSource(step.Timeout, context.Time);
        var record = await RunWithinAsync(step, budget.Token);
        emit(new StepFinished(index, record.Status, record.Detail, record.DurationMs));
        return record;
    }

    /// <summary>It was done by the run that is resumed, and leaves nothing to look at.</summary>
    public StepRecord Skip(Step step)
    {
        _started = context.Time.GetTimestamp();
        emit(new StepStarted(index, step.Describe(), (long)step.Timeout.TotalMilliseconds, undoing));
        var record = Record(step, StepStatus.Already, "done before the run was cut off");
        emit(new StepFinished(index, record.Status, record.Detail, record.DurationMs));
        return record;
    }

    private async Task<StepRecord> RunWithinAsync(Step step, CancellationToken budget)
    {
        var first = await ProbeAsync(step, budget);
        if (first is null && step.Changes)
            return Record(step, StepStatus.Failed, _lastSeen);
        if (first is { Kind: ProbeKind.Satisfied })
            return Record(step, StepStatus.Already, first.Detail);
        if (first is { Kind: ProbeKind.Blocked })
            return Record(step, StepStatus.Blocked, first.Detail);
        return step.Changes ? await ApplyAsync(step, first!, budget) : await WaitAsync(step, budget);
    }

    private async Task<StepRecord> WaitAsync(Step step, CancellationToken budget)
    {
        // A wait that may end without its answer ends at once when somebody interrupts.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget, step.TimeoutIsFine ? interrupted : default);
        var last = await PollAsync(step, either.Token);
        return last.Kind switch
        {
            _ when last.Kind == ProbeKind.Needed && step.TimeoutIsFine && interrupted.IsCancellationRequested =>
                Record(step, StepStatus.NotConfirmed, $"{_lastSeen}, not waited for: interrupted"),
            ProbeKind.Satisfied => Record(step, StepStatus.Already, last.Detail),
            ProbeKind.Blocked => Record(step, StepStatus.Blocked, last.Detail),
            _ when step.TimeoutIsFine => Record(step, StepStatus.Already, $"{_lastSeen}, going on after {step.Timeout.TotalSeconds:0.#} s"),
            // The end of our patience says nothing about the world: it is not called a failure.
            _ => Record(step, StepStatus.NotConfirmed, NotWithin(step)),
        };
    }

    private async Task<StepRecord> ApplyAsync(Step step, ProbeResult before, CancellationToken budget)
    {
        if (context.Mandate is { } mandate && await WhyNotAsync(mandate, budget) is { } lost)
            return Record(step, StepStatus.Failed, lost);
        var inverse = step.Inverse(before.Before);
        emit(new StepIntended(index, step, before.Before?.DeepClone(), inverse));
        string? error = null;
        try
        {
            await step.ApplyAsync(context.ForChanges with { Note = text => emit(new StepNoted(index, text, ElapsedMs)) }, budget);
        }
        catch (AdapterException e)
        {
            error = e.Message;
        }
        catch (OperationCanceledException)
        {
            error = $"no answer within {step.Timeout.TotalSeconds:0.#} s";
        }
        catch (Exception e)
        {
            error = OwnFault(e);
        }
        if (error is not null)
            return await AfterErrorAsync(step, before, inverse, error);
        if (!step.Verifiable)
            return Record(step, StepStatus.Done, before.Detail, applied: true, inverse);
        var last = await PollAsync(step, budget);
        return last.Kind == ProbeKind.Satisfied
            ? Record(step, StepStatus.Done, last.Detail, applied: true, inverse)
            : Record(step, StepStatus.NotConfirmed, NotWithin(step), applied: true, inverse);
    }

    private static async Task<string?> WhyNotAsync(IMandate mandate, CancellationToken budget)
    {
        try
        {
            return await mandate.WhyNotAsync(budget);
        }
        catch (OperationCanceledException)
        {
            return "whether the lease is still this run's could not be found out in time";
        }
    }

    /// <summary>An error does not say that nothing happened (the answer may have been lost): look again before judging.</summary>
    private async Task<StepRecord> AfterErrorAsync(Step step, ProbeResult before, Step? inverse, string error)
    {
        if (!step.Verifiable)
            return Record(step, StepStatus.Failed, error, applied: true, inverse);
        using var second = new CancellationTokenSource(TimeSpan.FromSeconds(5), context.Time);
        var now = await ProbeAsync(step, second.Token);
        if (now is { Kind: ProbeKind.Satisfied })
            return Record(step, StepStatus.Done, $"{now.Detail} (although: {error})", applied: true, inverse);
        var untouched = now is not null && JsonNode.DeepEquals(now.Before, before.Before);
        return untouched
            ? Record(step, StepStatus.Failed, error)
            : Record(step, StepStatus.NotConfirmed, $"{error}; last seen: {_lastSeen}", applied: true, inverse);
    }

    private async Task<ProbeResult> PollAsync(Step step, CancellationToken budget)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var result = await ProbeAsync(step, budget);
            if (result is { Kind: not ProbeKind.Needed })
                return result;
            emit(new StepWaiting(index, _lastSeen, ElapsedMs));
            try
            {
                await Task.Delay(pause, context.Time, budget);
            }
            catch (OperationCanceledException)
            {
                return ProbeResult.Needed(_lastSeen);
            }
        }
    }

    /// <returns>Null when it could not look; the reason is in <see cref="_lastSeen"/>.</returns>
    private async Task<ProbeResult?> ProbeAsync(Step step, CancellationToken budget)
    {
        try
        {
            var result = await step.ProbeAsync(context, budget);
            _lastSeen = result.Detail;
            return result;
        }
        catch (AdapterException e)
        {
            _lastSeen = e.Message;
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            if (_lastSeen.Length == 0)
                _lastSeen = "no answer";
        }
        catch (Exception e)
        {
            _lastSeen = OwnFault(e);
        }
        return null;
    }

    /// <summary>A bug of ours must not take away what the run knows: what it did, whether it is half done, and how to go on.</summary>
    private string OwnFault(Exception e)
    {
        var bug = $"this is a bug in lbctl: {e.GetType().Name}: {e.Message}";
        if (bug != _lastSeen)
            emit(new RunWarned($"{bug} {e.StackTrace?.Split('\n')[0].Trim()}"));
        return bug;
    }

    private string NotWithin(Step step) => $"not confirmed within {step.Timeout.TotalSeconds:0.#} s, last seen: {_lastSeen}";

    private long ElapsedMs => (long)context.Time.GetElapsedTime(_started).TotalMilliseconds;

    private StepRecord Record(Step step, StepStatus status, string detail, bool applied = false, Step? inverse = null) =>
        new(step, status, detail, ElapsedMs, applied, inverse);
}
