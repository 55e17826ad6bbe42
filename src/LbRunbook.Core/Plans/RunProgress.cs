namespace LbRunbook.Core.Plans;

/// <summary>What has become of a plan's steps so far; written from several lanes at once.</summary>
internal sealed class RunProgress(Plan plan)
{
    private readonly Lock _gate = new();
    private readonly StepRecord?[] _records = new StepRecord?[plan.Steps.Count];

    /// <summary>Lane → stopping right after its last step would be worse than going on. "" = steps that have none.</summary>
    private readonly Dictionary<string, bool> _holds = [];

    /// <summary>In the order of the plan.</summary>
    public IReadOnlyList<StepRecord> Records
    {
        get
        {
            lock (_gate)
                return [.. _records.OfType<StepRecord>()];
        }
    }

    /// <summary>An interruption before the next step of this lane would not leave a worse state than going on.</summary>
    /// <param name="lane">Null = alone, after all lanes.</param>
    public bool MayStop(string? lane)
    {
        lock (_gate)
        {
            if (lane is null)
                return !_holds.Values.Any(h => h);
            return !(_holds.TryGetValue(lane, out var own) ? own : _holds.GetValueOrDefault(""));
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
            if (plan.Steps[index].Lane is null)
                _holds.Clear();
            _holds[plan.Steps[index].Lane ?? ""] = plan.Steps[index].HoldAfter;
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
