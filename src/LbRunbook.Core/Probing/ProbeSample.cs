namespace LbRunbook.Core.Probing;

/// <summary>What became of one scheduled request. Exactly one exists for every place in the schedule.</summary>
/// <param name="Sequence">Place in the schedule, from 0.</param>
/// <param name="Scheduled">When it should have been sent, from the start of the measurement.</param>
/// <param name="Latency">From <paramref name="Scheduled"/>, not from the actual send: a sender that is late must not hide it.</param>
/// <param name="Failure">One of <see cref="FailureKind"/>; null = success.</param>
/// <param name="Who">Who answered, where the answer says so.</param>
internal readonly record struct ProbeSample(long Sequence, TimeSpan Scheduled, TimeSpan Latency, string? Failure = null, string? Who = null)
{
    public bool Ok => Failure is null;
    public TimeSpan Completed => Scheduled + Latency;
}

/// <summary>The names of failures as reports show them; an unexpected status is <c>http-NNN</c>.</summary>
internal static class FailureKind
{
    public const string ConnectRefused = "connect-refused";
    public const string ConnectTimeout = "connect-timeout";
    public const string NoRoute = "no-route";
    public const string Reset = "reset";

    /// <summary>Connected, but no complete response in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>End of stream before the complete response.</summary>
    public const string Closed = "closed";

    /// <summary>Not sent: too many requests were in flight already.</summary>
    public const string Overload = "overload";
    public const string Other = "other";

    public static string Http(int status) => $"http-{status}";
}
