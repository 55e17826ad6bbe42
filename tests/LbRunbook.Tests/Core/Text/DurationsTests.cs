using FsCheck;
using FsCheck.Fluent;
using LbRunbook.Core.Text;
using Xunit;

namespace LbRunbook.Tests.Core.Text;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData(" 2m ", 120_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("14d", 1_209_600_000)]
    [InlineData("1s500ms", 1_500)]
    [InlineData("0s", 0)]
    public void TryParse_ValidText_GivesTheTime(string text, long milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("5 seconds")]
    [InlineData("5sec")]
    [InlineData("1s1m")]
    [InlineData("1s1s")]
    [InlineData("1..5s")]
    [InlineData(".s")]
    [InlineData("99999999999999999999d")]
    [InlineData("10675199d23h59m59s999ms9s")]
    public void TryParse_OtherText_IsRefused(string? text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(250, "250ms")]
    [InlineData(1_500, "1.5s")]
    [InlineData(90_000, "1m30s")]
    [InlineData(7_200_000, "2h")]
    [InlineData(1_209_600_000, "14d")]
    public void Format_KnownTimes_ReadsAsAnOperatorWritesIt(long milliseconds, string text) =>
        Assert.Equal(text, Durations.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Format_AnyMilliseconds_ParsesBackExactly() =>
        Prop.ForAll<uint>(milliseconds =>
            Durations.Parse(Durations.Format(TimeSpan.FromMilliseconds(milliseconds))) == TimeSpan.FromMilliseconds(milliseconds))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void TryParse_AnyText_NeverThrowsNorGoesNegative() =>
        Prop.ForAll<string>(text => !Durations.TryParse(text, out var value) || value >= TimeSpan.Zero).QuickCheckThrowOnFailure();
}
