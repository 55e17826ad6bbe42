using System.Text.Json.Serialization;

namespace LbRunbook.Core.Probing;

/// <summary>The result of a measurement. Times of the form <c>…AtMs</c> count from <see cref="StartedAt"/>.</summary>
internal sealed record ProbeReport
{
    public string Type { get; init; } = "probe";
    public int Schema { get; init; } = 1;
    public required string Target { get; init; }

    /// <summary>Where the requests came from: <c>here</c>, or the name of a host.</summary>
    public string From { get; init; } = "here";

    /// <summary><c>new-connections</c>, <c>keep-alive</c> or <c>tcp-connect</c>.</summary>
    public required string Mode { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the first scheduled request to the end of the schedule, or to the moment it was stopped.</summary>
    public required double DurationMs { get; init; }

    /// <summary>True when it was stopped before the end of its schedule.</summary>
    public required bool EndedEarly { get; init; }
    public required double RequestedRps { get; init; }

    /// <summary>Requests that really left, per second.</summary>
    public required double AchievedRps { get; init; }
    public required double TimeoutMs { get; init; }
    public required long Requests { get; init; }
    public required long Ok { get; init; }
    public required long Failed { get; init; }

    /// <summary>Still in flight when it was stopped: neither successes nor failures, and not in <see cref="Requests"/>.</summary>
    public required long Unfinished { get; init; }

    /// <summary>Count by kind, most frequent first.</summary>
    public required IReadOnlyDictionary<string, long> Failures { get; init; }

    /// <summary>The system's words for the first failure of a kind, where the kind alone does not tell.</summary>
    public required IReadOnlyDictionary<string, string> FailureDetails { get; init; }

    /// <summary>Requests that left more than 10 ms after their time: this machine was too busy. Their latency says so, too.</summary>
    public required long LateSends { get; init; }
    public required double LatestSendMs { get; init; }

    /// <summary>Of successful requests, from the scheduled send time to the complete response.</summary>
    public required ProbeLatency? Latency { get; init; }
    public required int Outages { get; init; }

    /// <summary>See <see cref="OutageTracker"/> for the definition.</summary>
    public required ProbeOutage? LongestOutage { get; init; }
    public required IReadOnlyList<ProbeAnswerer> Answerers { get; init; }
    public required long AnswererChanges { get; init; }

    /// <summary>The first changes; <see cref="AnswererChanges"/> counts all.</summary>
    public required IReadOnlyList<ProbeChange> Changes { get; init; }

    [JsonIgnore]
    public TimeSpan Duration => TimeSpan.FromMilliseconds(DurationMs);
}

internal sealed record ProbeLatency(double P50Ms, double P95Ms, double P99Ms, double MaxMs);

internal sealed record ProbeOutage(double DurationMs, double StartAtMs, double EndAtMs, DateTimeOffset StartedAt, DateTimeOffset EndedAt,
    long Failures, bool Recovered);

internal sealed record ProbeAnswerer(string Name, long Requests, double FirstAtMs, double LastAtMs);

internal sealed record ProbeChange(double AtMs, string From, string To);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProbeReport))]
internal sealed partial class ProbeJson : JsonSerializerContext;
