using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Journal;

public enum RunState
{
    Finished,

    /// <summary>No outcome, and its process is still there.</summary>
    Running,

    /// <summary>No outcome, and its process is gone: killed.</summary>
    Killed,
}

/// <summary>A run as its journal tells it.</summary>
public sealed record RunRecord
{
    public required RunStarted Start { get; init; }
    public required IReadOnlyList<StepIntended> Intents { get; init; }
    public required IReadOnlyList<StepFinished> Finished { get; init; }
    public RunOutcome? Outcome { get; init; }
    public required RunState State { get; init; }

    public string RunId => Start.RunId;

    /// <summary>Something was changed, or may have been: an intent without an end is uncertain and counts.</summary>
    public bool MayHaveChanged => Outcome?.Changed ?? Intents.Any(i => i.Step.Verifiable);

    /// <summary>
    /// What takes it back, made before broken, checked at the end. A step that ended as "failed" was seen to have changed nothing.
    /// </summary>
    public IReadOnlyList<Step> Inverses()
    {
        var untouched = Finished.Where(f => f.Status == StepStatus.Failed).Select(f => f.Index).ToHashSet();
        return UndoOrder.Of(
        [
            .. Start.Plan.Where(s => !s.Changes).Select(s => s.Inverse(null)),
            .. Intents.Where(i => !untouched.Contains(i.Index)).Select(i => i.Inverse),
        ]);
    }
}
