using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Leases;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Plans;

/// <summary>
/// Everything that happens in a run, in order. Views, journal and notifiers subscribe; the same objects are the lines of
/// <c>--output json</c> and of the journal.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(PlanMade), "plan")]
[JsonDerivedType(typeof(RunStarted), "run")]
[JsonDerivedType(typeof(StepStarted), "step")]
[JsonDerivedType(typeof(StepIntended), "intent")]
[JsonDerivedType(typeof(StepWaiting), "waiting")]
[JsonDerivedType(typeof(StepNoted), "note")]
[JsonDerivedType(typeof(StepFinished), "stepFinished")]
[JsonDerivedType(typeof(RunWarned), "warning")]
[JsonDerivedType(typeof(Alerted), "alert")]
[JsonDerivedType(typeof(RunOutcome), "outcome")]
public abstract record RunEvent
{
    /// <summary>
    /// Counts up when a step or an event means something else than before. Whoever reads another one does not understand it.
    /// </summary>
    public const int CurrentSchema = 2;

    /// <summary>UTC.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>What is going to be done; in a dry run the whole story.</summary>
public sealed record PlanMade : RunEvent
{
    public int Schema { get; init; } = CurrentSchema;
    public required string Verb { get; init; }
    public required string Cluster { get; init; }
    public required string Environment { get; init; }
    public required string Title { get; init; }
    public required IReadOnlyList<Step> Steps { get; init; }
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The steps in words, for those who read.</summary>
    [JsonIgnore] public IReadOnlyList<string> Sentences { get; init; } = [];

    /// <summary>For those who need more than its words and its steps.</summary>
    [JsonIgnore] public Plan? Plan { get; init; }

    /// <summary>What was seen before; null where nothing could be looked at.</summary>
    [JsonIgnore] public Observation? Before { get; init; }

    public static PlanMade Of(Plan plan, Observation? before) => new()
    {
        Verb = plan.Verb,
        Cluster = plan.Cluster,
        Environment = plan.Environment.ToString().ToLowerInvariant(),
        Title = plan.Title,
        Steps = [.. plan.Steps.Select(s => s.Step)],
        Warnings = plan.Warnings,
        Sentences = [.. plan.Steps.Select(s => s.Step.Describe())],
        Plan = plan,
        Before = before,
    };
}

public sealed record RunStarted : RunEvent
{
    public int Schema { get; init; } = CurrentSchema;
    public required string RunId { get; init; }
    public required string Verb { get; init; }
    public required string Cluster { get; init; }
    public required string Environment { get; init; }
    public required string Title { get; init; }
    public required IReadOnlyList<Step> Plan { get; init; }
    public IReadOnlyDictionary<string, string> Subjects { get; init; } = new Dictionary<string, string>();
    public string? Undoes { get; init; }
    public string? Resumes { get; init; }

    /// <summary>Indexes of the steps after which an interruption has to wait.</summary>
    public IReadOnlyList<int> HoldAfter { get; init; } = [];

    /// <summary>Lane of each step, in order; empty where no step has one.</summary>
    public IReadOnlyList<string?> Lanes { get; init; } = [];

    /// <summary>Who, where and which process: to tell a run that is still going from one that was killed.</summary>
    public required string User { get; init; }
    public required string Host { get; init; }
    public required int Pid { get; init; }

    /// <summary>The first line of a run of this process.</summary>
    public static RunStarted Of(Plan plan, string runId, DateTimeOffset now, ProcessIdentity self) => new()
    {
        At = now,
        RunId = runId,
        Verb = plan.Verb,
        Cluster = plan.Cluster,
        Environment = plan.Environment.ToString().ToLowerInvariant(),
        Title = plan.Title,
        Plan = [.. plan.Steps.Select(s => s.Step)],
        HoldAfter = [.. plan.Steps.Index().Where(s => s.Item.HoldAfter).Select(s => s.Index)],
        Lanes = plan.Steps.Any(s => s.Lane is not null) ? [.. plan.Steps.Select(s => s.Lane)] : [],
        Subjects = plan.Subjects,
        Undoes = plan.Undoes,
        Resumes = plan.Resumes,
        User = self.User,
        Host = self.Host,
        Pid = self.Pid,
    };
}

/// <param name="Index">Zero-based position in the plan; undo steps continue the count.</param>
/// <param name="BudgetMs">How long it may take.</param>
/// <param name="Undoing">Part of a rollback.</param>
public sealed record StepStarted(int Index, string Text, long BudgetMs, bool Undoing = false) : RunEvent;

/// <summary>On disk before the change is made: with this line alone an undo is possible.</summary>
public sealed record StepIntended(int Index, Step Step, JsonNode? Before, Step? Inverse) : RunEvent;

/// <param name="Seen">What is not yet as wanted.</param>
/// <param name="ElapsedMs">Since the step started.</param>
public sealed record StepWaiting(int Index, string Seen, long ElapsedMs) : RunEvent;

/// <summary>Something that happened inside a step and stays true: which of several ways was tried, and how it went.</summary>
public sealed record StepNoted(int Index, string Text, long ElapsedMs) : RunEvent;

public sealed record StepFinished(int Index, StepStatus Status, string Detail, long DurationMs) : RunEvent;

public sealed record RunWarned(string Message) : RunEvent;

/// <summary>For those who are not watching: how an incident stands at the end of a run.</summary>
/// <param name="Level">Whether somebody has to get up.</param>
/// <param name="Subject">What it is about: "web1".</param>
public sealed record Alerted(AlertLevel Level, string Subject, string Message) : RunEvent;

[JsonConverter(typeof(JsonStringEnumConverter<AlertLevel>))]
public enum AlertLevel
{
    [JsonStringEnumMemberName("RESOLVED")] Resolved,
    [JsonStringEnumMemberName("CRITICAL")] Critical,
}

[JsonConverter(typeof(JsonStringEnumConverter<StepStatus>))]
public enum StepStatus
{
    [JsonStringEnumMemberName("done")] Done,

    /// <summary>It was so before; nothing was touched.</summary>
    [JsonStringEnumMemberName("already")] Already,
    [JsonStringEnumMemberName("blocked")] Blocked,
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Applied, but the world did not show it within the budget. Not the same as failed.</summary>
    [JsonStringEnumMemberName("notConfirmed")] NotConfirmed,

    /// <summary>Never started.</summary>
    [JsonStringEnumMemberName("notStarted")] NotStarted,
}
