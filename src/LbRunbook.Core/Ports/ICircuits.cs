namespace LbRunbook.Core.Ports;

/// <summary>Circuit breakers that outlive a run, one a backend. Whoever writes has the cluster's lock.</summary>
public interface ICircuits
{
    /// <summary>What cannot be read is a closed circuit: a damaged file keeps nobody from repairing a backend.</summary>
    Circuit Read(CircuitKey key);

    /// <summary>A disk that takes nothing costs the memory of failures, and nothing else.</summary>
    void Write(CircuitKey key, Circuit circuit);
}

public sealed record CircuitKey(string Cluster, string Pool, string Backend);

/// <summary>
/// Attempts that failed one after the other. Five open the circuit: for a minute nothing is tried, then one attempt may go through
/// (half-open), which closes it or opens it again.
/// </summary>
/// <param name="Failures">In a row.</param>
/// <param name="LastFailure">UTC.</param>
/// <param name="Trial">When the one attempt of a half-open circuit began; a run that was killed leaves it behind.</param>
public sealed record Circuit(int Failures = 0, DateTimeOffset? LastFailure = null, DateTimeOffset? Trial = null)
{
    public const int Limit = 5;
    public static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(60);

    /// <summary>What failed the day before says nothing about now.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    /// <returns>Null = an attempt may be made.</returns>
    public TimeSpan? OpenStill(DateTimeOffset now)
    {
        if (Failures < Limit)
            return null;
        // A time in the future is a clock that was set back; it must not close the way for longer than a minute from now.
        var since = Max(LastFailure, Trial) is { } last && last <= now ? last : now;
        return since + OpenFor - now is var left && left > TimeSpan.Zero ? left : null;
    }

    public Circuit Try(DateTimeOffset now) => Failures < Limit ? this : this with { Trial = now };

    public Circuit Failed(DateTimeOffset now) =>
        new(LastFailure is { } last && now - last > Forgotten ? 1 : Failures + 1, now);

    private static DateTimeOffset? Max(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || (other is not null && other > one) ? other : one;
}
