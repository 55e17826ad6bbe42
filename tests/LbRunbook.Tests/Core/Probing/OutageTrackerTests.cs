using LbRunbook.Core.Probing;
using Xunit;

namespace LbRunbook.Tests.Core.Probing;

public sealed class OutageTrackerTests
{
    [Fact]
    public void Longest_FailuresBetweenSuccesses_FromLastSuccessStartToNextSuccessCompletion()
    {
        var outage = Track(end: 100, (0, 1, true), (10, 1, true), (20, 50, false), (30, 50, false), (40, 3, true), (50, 1, true)).Longest!;

        Assert.Equal((10.0, 43.0, 2L, true),
            (outage.Start.TotalMilliseconds, outage.End.TotalMilliseconds, outage.Failures, outage.Recovered));
    }

    [Fact]
    public void Longest_SeveralOutages_IsTheLongestAndAllAreCounted()
    {
        var tracker = Track(end: 100, (0, 1, true), (10, 1, false), (20, 1, true), (30, 1, false), (40, 1, false), (50, 1, true));

        Assert.Equal(2, tracker.Count);
        Assert.Equal((20.0, 51.0), (tracker.Longest!.Start.TotalMilliseconds, tracker.Longest.End.TotalMilliseconds));
    }

    [Fact]
    public void Longest_NoSuccessBefore_BeginsAtFirstFailure() =>
        Assert.Equal(10.0, Track(end: 100, (10, 1, false), (20, 1, true)).Longest!.Start.TotalMilliseconds);

    [Fact]
    public void Longest_NoSuccessAfter_EndsWithTheMeasurementAndIsNotRecovered()
    {
        var outage = Track(end: 100, (0, 1, true), (10, 1, false)).Longest!;

        Assert.Equal((0.0, 100.0, false), (outage.Start.TotalMilliseconds, outage.End.TotalMilliseconds, outage.Recovered));
    }

    [Fact]
    public void Longest_NoFailure_IsNull() => Assert.Null(Track(end: 100, (0, 1, true), (10, 90, true)).Longest);

    private static OutageTracker Track(int end, params (int At, int Latency, bool Ok)[] samples)
    {
        var tracker = new OutageTracker();
        for (var i = 0; i < samples.Length; i++)
        {
            var (at, latency, ok) = samples[i];
            tracker.Add(new(i, TimeSpan.FromMilliseconds(at), TimeSpan.FromMilliseconds(latency), ok ? null : FailureKind.Timeout));
        }
        tracker.Finish(TimeSpan.FromMilliseconds(end));
        return tracker;
    }
}
