namespace LbRunbook.Core.Plans;

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

    /// <summary>It ended, and its disk had no room for all of its journal: steps that are not in it may have been done.</summary>
    public bool JournalCut { get; init; }

    public string RunId => Start.RunId;

    /// <summary>It did all that it was meant to do.</summary>
    public bool Complete => Outcome is { Result: RunResult.Done or RunResult.AlreadySo };

    /// <summary>Something was changed, or may have been: an intent without an end is uncertain and counts.</summary>
    public bool MayHaveChanged => Outcome?.Changed ?? Intents.Any(i => i.Step.Verifiable);

    /// <summary>Steps that were begun and whose end is not known.</summary>
    public IReadOnlyList<int> Uncertain => [.. Intents.Select(i => i.Index).Except(Finished.Select(f => f.Index))];
}
