using System.Numerics;

namespace LbRunbook.Core.Probing;

/// <summary>
/// Percentiles in constant memory, however long the measurement: 64 buckets per power of two of microseconds,
/// so a percentile is at most 1.6 % too high and never too low. The maximum is exact.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBuckets = 64;
    private readonly long[] _counts = new long[(64 - 6) * SubBuckets + SubBuckets];

    public long Count { get; private set; }
    public TimeSpan Max { get; private set; }

    public void Add(TimeSpan latency)
    {
        var micros = (ulong)Math.Max(0, latency.Ticks / TimeSpan.TicksPerMicrosecond);
        _counts[Index(micros)]++;
        Count++;
        if (latency > Max)
            Max = latency;
    }

    /// <summary>Nearest rank; zero when there is nothing to rank.</summary>
    public TimeSpan Percentile(double percent)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(percent / 100 * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length && Count > 0; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
                return Min(TimeSpan.FromTicks((long)UpperBound(i) * TimeSpan.TicksPerMicrosecond), Max);
        }
        return TimeSpan.Zero;
    }

    private static int Index(ulong micros)
    {
        if (micros < 2 * SubBuckets)
            return (int)micros;
        var exponent = BitOperations.Log2(micros) - 6;
        return exponent * SubBuckets + (int)(micros >> exponent);
    }

    private static ulong UpperBound(int index)
    {
        if (index < 2 * SubBuckets)
            return (ulong)index;
        var exponent = index / SubBuckets - 1;
        return ((ulong)(index - exponent * SubBuckets + 1) << exponent) - 1;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
