using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Keepalived;

[CountsRequests]
public sealed class KeepalivedTrafficTests(KeepalivedLab lab, ITestOutputHelper output) : IClassFixture<KeepalivedLab>
{
    [Fact]
    public async Task Failover_ThereAndBackUnderTraffic_NoneFails()
    {
        using var op = await lab.OperatorAsync();
        foreach (var (from, to) in ((string, string)[])[("lb1", "lb2"), ("lb2", "lb1")])
        {
            using var probe = await LiveProbe.StartAsync(op.Segment, lab.Addresses.VipV4);
            var done = await op.ExpectAsync(0, "failover", from, to);
            var seen = await probe.StopAsync();
            output.WriteLine($"{from} to {to}: {seen.Requests} requests, {seen.Failed} failed; lbctl took {done.Outcome["durationMs"]} "
                + $"ms; {string.Join("; ", done.Outcome["notes"]!.AsArray())}");
            Assert.True(seen.Requests > 500, $"only {seen.Requests} requests");
            Assert.True(seen.Failed == 0, $"{seen.Failed} of {seen.Requests} requests failed ({string.Join(", ", seen.Failures)}): {done}");
            await op.Segment.ExpectHolderAsync(to, "after the failover");
            await op.Segment.ExpectServedByAsync(to, "after the failover");
        }
        Assert.Equal((lab.Written("lb1"), lab.Written("lb2")), (await lab.ConfigAsync("lb1"), await lab.ConfigAsync("lb2")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_KeepAliveAndDownloads_NoneIsLost(bool ipv6)
    {
        using var op = await lab.OperatorAsync();
        using var clients = await LoadClients.StartAsync(op.Segment, ipv6 ? lab.Addresses.VipV6 : lab.Addresses.VipV4);

        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2", "--hand-over");

        var seen = await clients.StopAsync();
        output.WriteLine($"{seen.ToJsonString()}; lbctl took {done.Outcome["durationMs"]} ms");
        Assert.Equal((0, 0), ((int)seen["failed"]!, (int)seen["downloadsBroken"]!));
        Assert.True((int)seen["downloadsComplete"]! >= 5);
        Assert.NotNull(seen["servedBy"]!["lb1"]);
        Assert.NotNull(seen["servedBy"]!["lb2"]);
        await op.Segment.ExpectHolderAsync("lb2", "after the hand-over");
        await HandOverTraces.ExpectNoneAsync(lab, "after the hand-over");
    }
}

[CountsRequests]
public sealed class NoPreemptTrafficTests(NoPreemptLab lab) : IClassFixture<NoPreemptLab>
{
    [Fact]
    public async Task Failover_NoPreempt_MovesAndPutsBothConfigurationsBack()
    {
        using var op = await lab.OperatorAsync();
        using var probe = await LiveProbe.StartAsync(op.Segment, lab.Addresses.VipV4);
        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        var seen = await probe.StopAsync();
        Assert.True(seen.Failed == 0, $"{seen.Failed} of {seen.Requests} requests failed ({string.Join(", ", seen.Failures)}): {done}");
        await op.Segment.ExpectHolderAsync("lb2", "well after the failover");
        Assert.Equal((lab.Written("lb1"), lab.Written("lb2")), (await lab.ConfigAsync("lb1"), await lab.ConfigAsync("lb2")));
        Assert.Contains(done.Outcome["notes"]!.AsArray(), n => ((string)n!).Contains("nopreempt", StringComparison.Ordinal));

        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
        Assert.Equal((lab.Written("lb1"), lab.Written("lb2")), (await lab.ConfigAsync("lb1"), await lab.ConfigAsync("lb2")));
    }
}
