using LbRunbook.Core.Probing;
using Xunit;

namespace LbRunbook.Tests.Core.Probing;

public sealed class SendScheduleTests
{
    [Theory]
    [InlineData(200, 30, 6000)]
    [InlineData(3, 1, 3)]
    [InlineData(0.5, 1, 1)]
    public void Total_RateAndDuration_IsTheirProduct(double rps, int seconds, long total) =>
        Assert.Equal(total, new SendSchedule(rps, TimeSpan.FromSeconds(seconds)).Total);

    [Fact]
    public void DueAt_LateInALongRun_HasNotDrifted() =>
        Assert.Equal(TimeSpan.FromHours(10), new SendSchedule(3, null).DueAt(3 * 36_000));

    [Fact]
    public void Ended_NoDuration_Never() => Assert.False(new SendSchedule(200, null).Ended(long.MaxValue - 1));
}
