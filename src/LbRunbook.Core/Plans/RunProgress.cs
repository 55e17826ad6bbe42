namespace LbRunbook.Core.Plans;

/// <summary>What has become of a plan's steps so far; written from several lanes at once.</summary>
internal sealed class RunProgress(Plan plan)
{
    private readonly Lock _gate = new();
    private readonly StepRecord?[] _records = new StepRecord?[plan.Steps.Count];
    private bool _mayStop = true;

    /// <summary>In the order of the plan.</summary>
    public IReadOnlyList<StepRecord> Records
    {
        get
        {
            lock (_gate)
                return [.. _records.OfType<StepRecord>()];
        }
    }

    /// <summary>An interruption would not leave a worse state than going on.</summary>
    public bool MayStop
    {
        get
        {
            lock (_gate)
                return _mayStop;
        }
    }

    /// <summary>An interruption was heeded.</summary>
    public bool Stopped { get; private set; }

    /// <summary>The first step, in the order of the plan, that did not end well.</summary>
    public (int Index, StepRecord Record)? Failure
    {
        get
        {
            lock (_gate)
            {
                var index = Array.FindIndex(_records, r => r is { Status: not (StepStatus.Done or StepStatus.Already) });
                return index < 0 ? null : (index, _records[index]!);
            }
        }
    }

    public void Add(int index, StepRecord record)
    {
        lock (_gate)
        {
            _records[index] = record;
            _mayStop = !plan.Steps[index].HoldAfter;
        }
    }

    public void Stop() => Stopped = true;

    public IReadOnlyList<StepOutcome> Outcomes()
    {
        lock (_gate)
            return [.. plan.Steps.Select((s, i) => _records[i]?.ToOutcome() ?? NotStarted(s))];
    }

    private static StepOutcome NotStarted(PlannedStep planned) =>
        new(StepKinds.NameOf(planned.Step), planned.Step.Describe(), StepStatus.NotStarted, "", 0);
}
