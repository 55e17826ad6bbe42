using LbRunbook.Core.Diagnosis.Patterns;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Diagnosis.Patterns;

public sealed class RisingTrendTests
{
    private const double Factor = 2;
    private const double Rise = 100;

    [Theory]
    [InlineData(new double[] { 10, 60, 110, 160, 210, 260 })]
    [InlineData(new double[] { 10, 12, 40, 90, 200, 400, 900 })]
    [InlineData(new double[] { 10, 60, 110, 5, 160, 210, 260, 300 })]
    [InlineData(new double[] { 100, 100, 150, 180, 240, 260, 300, 310, 330 })]
    public void Of_SteadyRise_IsATrend(double[] values) => Assert.NotNull(RisingTrend.Of(Every(values, minutes: 2), Factor, Rise));

    [Theory]
    [InlineData(new double[] { 10, 60, 110, 160, 210 }, "too few")]
    [InlineData(new double[] { 10, 10, 10, 10, 10, 5000 }, "one outlier at the end")]
    [InlineData(new double[] { 10, 11, 12, 13, 14, 5000, 15, 16 }, "one outlier, and a rise that matters to nobody")]
    [InlineData(new double[] { 10, 10, 10, 10, 400, 400, 400, 400, 400, 400, 400, 400 }, "a jump")]
    [InlineData(new double[] { 10, 60, 110, 160, 210, 260, 310, 360, 10 }, "back to what it was")]
    [InlineData(new double[] { 310, 260, 210, 160, 110, 60, 10 }, "falls")]
    [InlineData(new double[] { 500, 520, 540, 560, 580, 600, 620 }, "not twice")]
    public void Of_AnythingElse_IsNone(double[] values, string why) =>
        Assert.True(RisingTrend.Of(Every(values, minutes: 2), Factor, Rise) is null, why);

    [Fact]
    public void Of_ManyLooksInAMinute_CountAsFew() =>
        Assert.Null(RisingTrend.Of([.. Enumerable.Range(0, 100).Select(i => new Point(Sample.Now.AddSeconds(i), 10 * i))], Factor, Rise));

    [Fact]
    public void Of_ALine_HasItsSlopeAndNumbers()
    {
        var trend = RisingTrend.Of(Every([.. Enumerable.Range(0, 12).Select(i => 10.0 + (20 * i))], minutes: 2), Factor, Rise)!;
        Assert.Equal(10, trend.PerMinute, 3);
        Assert.Equal((40, 200, 12), (trend.From, trend.To, trend.Looks));
        Assert.Equal(Sample.Now, trend.Since);
    }

    /// <summary>No row of noise around one value may be called a trend, however wild its outliers are.</summary>
    [Fact]
    public void Of_NoiseWithOutliers_IsHardlyEverATrend()
    {
        var random = new Random(20260301);
        var found = Enumerable.Range(0, 2000).Count(_ => RisingTrend.Of(
            Every([.. Enumerable.Range(0, random.Next(6, 60))
                .Select(_ => random.Next(12) == 0 ? random.Next(5000) : 20 + (random.NextDouble() * 300))], minutes: 1), Factor,
                    Rise) is not null);
        Assert.InRange(found, 0, 10);
    }

    /// <summary>
    /// Any one value of a row may be replaced by anything: it makes no trend of a flat row, and takes none from a long clear one.
    /// </summary>
    [Fact]
    public void Of_OneValueReplaced_ChangesNothing()
    {
        var random = new Random(42);
        for (var n = 0; n < 500; n++)
        {
            var length = random.Next(12, 40);
            var (at, wild) = (random.Next(length - 1), random.NextDouble() * 10_000);
            double[] flat = [.. Enumerable.Range(0, length).Select(_ => 20 + random.NextDouble())];
            double[] rising = [.. Enumerable.Range(0, length).Select(i => 20.0 + (i * 600.0 / length))];
            (flat[at], rising[at]) = (wild, wild);
            Assert.True(RisingTrend.Of(Every(flat, minutes: 1), Factor, Rise) is null, $"{wild} at {at} of {length}");
            Assert.True(RisingTrend.Of(Every(rising, minutes: 1), Factor, Rise) is not null, $"{wild} at {at} of {length}");
        }
    }

    private static List<Point> Every(double[] values, int minutes) =>
        [.. values.Select((v, i) => new Point(Sample.Now.AddMinutes(i * minutes), v))];
}
