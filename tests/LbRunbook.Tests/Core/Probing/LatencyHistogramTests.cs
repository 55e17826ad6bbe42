using FsCheck;
using FsCheck.Fluent;
using LbRunbook.Core.Probing;
using Xunit;

namespace LbRunbook.Tests.Core.Probing;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_AnyValues_IsTheNearestRankAtMostTwoPercentHigher() =>
        Prop.ForAll(Gen.Choose(0, 2_000_000_000).NonEmptyListOf().ToArbitrary(), micros =>
        {
            var histogram = new LatencyHistogram();
            foreach (var value in micros)
                histogram.Add(TimeSpan.FromMicroseconds(value));
            var sorted = micros.Order().ToArray();
            return new[] { 1, 50.0, 95, 99, 100 }.All(p =>
            {
                var exact = sorted[Math.Max(1, (int)Math.Ceiling(p / 100 * sorted.Length)) - 1];
                var got = histogram.Percentile(p).TotalMicroseconds;
                return got >= exact && got <= exact * 1.016 + 1;
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Percentile_Empty_IsZero() => Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Percentile(99));

    [Fact]
    public void Percentile_100_IsTheExactMaximum()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMicroseconds(1_000_001));

        Assert.Equal(TimeSpan.FromMicroseconds(1_000_001), histogram.Percentile(100));
    }
}
