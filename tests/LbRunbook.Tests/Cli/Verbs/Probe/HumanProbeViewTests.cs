using LbRunbook.Cli.Verbs.Probe;
using LbRunbook.Core.Probing;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Cli.Verbs.Probe;

public sealed class HumanProbeViewTests
{
    private static readonly ProbeRun Run = new("http://192.0.2.10/health", "new-connections", new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero),
        200, TimeSpan.FromSeconds(1));

    [Fact]
    public void Write_Failover_ShowsOutageAndBothAnswerers() => Golden.Verify(Render(
        i => i is >= 1000 and < 1040
            ? (FailureKind.ConnectTimeout, null)
            : i == 1040
            ? (FailureKind.Reset, null)
            : (null, i < 1000 ? "lb1" : "lb2"), 2000), "probe-failover");

    [Fact]
    public void Write_NothingWrong_SaysSoBriefly() => Golden.Verify(Render(_ => (null, "lb1"), 600), "probe-ok");

    [Fact]
    public void Write_NothingAnswers_HasNoLatency() =>
        Golden.Verify(Render(_ => (FailureKind.ConnectRefused, null), 200, endedEarly: true), "probe-down");

    [Fact]
    public void Write_BusySenderAndAlternatingAnswerers_WarnsAndStaysShort() =>
        Golden.Verify(Render(i => i % 10 == 9 ? (FailureKind.Overload, null) : (null, $"web{i % 3 + 1}"), 200, late: true, missing: 3,
            detail: "no free local port"), "probe-overload");

    [Theory]
    [InlineData(0, 10, "0 %")]
    [InlineData(1, 1_000_000, "< 0.01 %")]
    [InlineData(1, 3, "33.33 %")]
    public void Percent_AnyShare_NeverRoundsAFailureAway(long part, long whole, string text) =>
        Assert.Equal(text, ProbeText.Percent(part, whole));

    private static string Render(Func<int, (string? Failure, string? Who)> outcome, int count, bool endedEarly = false, bool late = false,
        int missing = 0, string? detail = null)
    {
        var recorder = new ProbeRecorder();
        for (var i = 0; i < count; i++)
        {
            var (failure, who) = outcome(i);
            recorder.Sent(TimeSpan.FromMilliseconds(late && i % 50 == 0 ? 34 : 0.1));
            recorder.Add(new(i, TimeSpan.FromMilliseconds(5 * i), TimeSpan.FromMicroseconds(800 + i), failure, who),
                failure is null ? null : detail);
        }
        var duration = TimeSpan.FromMilliseconds(5 * (count + missing));
        var output = new StringWriter { NewLine = "\n" };
        HumanProbeView.Write(output, recorder.Finish(Run, count + missing, duration, duration, endedEarly));
        return output.ToString();
    }
}
