namespace LbRunbook.Core.Probing;

/// <summary>Open loop: request n is due at n/rate on a fixed clock, whatever became of the requests before it.</summary>
internal sealed class SendSchedule(double rps, TimeSpan? duration)
{
    /// <summary>How many requests there are in all; null = until stopped.</summary>
    public long? Total { get; } = duration is { } d ? Math.Max(1, (long)Math.Round(d.TotalSeconds * rps)) : null;

    public TimeSpan DueAt(long sequence) => TimeSpan.FromTicks((long)(sequence / rps * TimeSpan.TicksPerSecond));

    public bool Ended(long next) => Total is { } total && next >= total;

    /// <summary>A request counts as late when it left more than this after its time.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromMilliseconds(10);
}
