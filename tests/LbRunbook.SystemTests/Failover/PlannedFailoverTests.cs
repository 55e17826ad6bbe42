using LbRunbook.Core.Probing;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>The main promise: a planned move under traffic loses nothing.</summary>
[CountsRequests]
[Collection(TrafficLab.Name)]
public sealed class PlannedFailoverTests(LabFixture lab, ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public async Task Failover_TwoHundredNewConnectionsASecond_NoneFails(int run, bool ipv6)
    {
        using var op = await Operator.AtAsync(lab);
        using var probe = await LiveProbe.StartAsync(op.Segment, ipv6 ? lab.Addresses.VipV6 : lab.Addresses.VipV4);

        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");

        await SecondsOfTrafficAsync();
        var seen = await probe.StopAsync();
        output.WriteLine($"run {run}: {seen.Requests} requests, {seen.Failed} failed, p99 {seen.Latency?.P99Ms} ms, {seen.LateSends} sent "
            + $"late; lbctl took {done.Outcome["durationMs"]} ms"
            + string.Concat(seen.Changes.Select(c => $"; {c.From} to {c.To} at {c.AtMs} ms"))
            + (seen.LongestOutage is { } o ? $"; first failure after {o.StartAtMs} ms" : ""));
        Assert.Empty(seen.Failures);
        Assert.True(seen.Requests > 300, $"only {seen.Requests} requests");
        ExpectMoved(seen, "lb1", "lb2");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
        Assert.Equal("done", done.Result);
        Assert.Equal($"lbctl --lab={lab.Name} undo {done.RunId}", done.Next);
    }

    private static void ExpectMoved(ProbeReport seen, string from, string to)
    {
        Assert.Equal(from, seen.Changes[0].From);
        Assert.Equal(to, seen.Changes[^1].To);
        Assert.Equal([from, to], seen.Answerers.Select(a => a.Name).Order(StringComparer.Ordinal));
        Assert.Equal(to, seen.Answerers.MaxBy(a => a.LastAtMs)!.Name);
    }

    /// <summary>Past the first repeated announcement: a client that fell back to the old node would show now.</summary>
    private static Task SecondsOfTrafficAsync() => Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
}
