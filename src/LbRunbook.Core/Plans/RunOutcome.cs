using System.Text.Json.Serialization;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Plans;

/// <summary>How a run ended; the last line of the journal and of <c>--output json</c>.</summary>
public sealed record RunOutcome : RunEvent
{
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Null when it ended before it became a run; written all the same, so that a script finds the key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? RunId { get; init; }
    public required string Verb { get; init; }
    public required RunResult Result { get; init; }
    public int ExitCode { get; init; }
    public long DurationMs { get; init; }
    public string? Message { get; init; }
    public string? Next { get; init; }

    /// <summary>The other way out where there are two: forward beside back; null = there is one, or none.</summary>
    public string? Or { get; init; }

    /// <summary>At least one step changed something that was not taken back.</summary>
    public bool Changed { get; init; }
    public IReadOnlyList<StepOutcome> Steps { get; init; } = [];
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>What stays different, and what the next restart does.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whose lock it ran into.</summary>
    public LockInfo? LockedBy { get; init; }

    /// <summary>The look after it, or before what was refused; null = none.</summary>
    [JsonIgnore] public Observation? Seen { get; init; }

    /// <summary>
    /// What a client would have seen meanwhile: of the addresses that moved the one that lost most; null = not measured.
    /// </summary>
    public TrafficGap? Gap { get; init; }

    /// <summary>Of each address that moved, the worst first.</summary>
    public IReadOnlyList<TrafficGap> Gaps { get; init; } = [];
}

/// <param name="Detail">What was seen last.</param>
/// <param name="DurationMs">0 = never started.</param>
public sealed record StepOutcome(string Uses, string Text, StepStatus Status, string Detail, long DurationMs);

/// <param name="Target">What was asked, from here, while the run went on.</param>
/// <param name="Requests">New connections made.</param>
/// <param name="Failed">Of these.</param>
/// <param name="LongestOutageMs">From the last good answer before a failure to the next good one; 0 = none failed.</param>
public sealed record TrafficGap(string Target, long Requests, long Failed, double LongestOutageMs)
{
    /// <summary>The virtual IP that was asked.</summary>
    public string? Vip { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<RunResult>))]
public enum RunResult
{
    [JsonStringEnumMemberName("done")] Done,
    [JsonStringEnumMemberName("alreadySo")] AlreadySo,
    [JsonStringEnumMemberName("changesPending")] ChangesPending,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("refused")] Refused,
    [JsonStringEnumMemberName("partial")] Partial,
    [JsonStringEnumMemberName("rolledBack")] RolledBack,
    [JsonStringEnumMemberName("locked")] Locked,
    [JsonStringEnumMemberName("interrupted")] Interrupted,
}
