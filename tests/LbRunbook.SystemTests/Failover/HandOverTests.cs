using System.Net.Sockets;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>Established connections survive a planned move.</summary>
[CountsRequests]
public sealed class HandOverTests(LabFixture lab, ITestOutputHelper output) : IClassFixture<LabFixture>
{
    [Theory]
    [InlineData(false, "nft")]
    [InlineData(true, "nft")]
    [InlineData(false, "iptables")]
    [InlineData(true, "iptables")]
    public async Task Failover_KeepAliveAndDownloads_NoneIsLost(bool ipv6, string tool)
    {
        using var op = await Operator.AtAsync(lab);
        await Hidden.WithoutAsync(lab, "lb2", tool == "nft" ? "iptables ip6tables iptables-restore ip6tables-restore" : "nft", async () =>
        {
            using var clients = await LoadClients.StartAsync(op.Segment, ipv6 ? lab.Addresses.VipV6 : lab.Addresses.VipV4);

            var done = await op.ExpectAsync(0, "failover", "lb1", "lb2", "--hand-over");

            var seen = await clients.StopAsync();
            output.WriteLine($"{seen.ToJsonString()}; lbctl took {done.Outcome["durationMs"]} ms");
            Assert.Contains($"\"tool\":\"{tool}\"", done.ToString(), StringComparison.Ordinal);
            Assert.Equal(0, (int)seen["failed"]!);
            Assert.Equal(0, (int)seen["downloadsBroken"]!);
            Assert.True((int)seen["downloadsComplete"]! >= 5);
            Assert.True((int)seen["requests"]! > 1000);
            Assert.NotNull(seen["servedBy"]!["lb1"]);
            Assert.NotNull(seen["servedBy"]!["lb2"]);
        });
        await op.Segment.ExpectHolderAsync("lb2", "after the hand-over");
        await HandOverTraces.ExpectNoneAsync(lab, "after the hand-over");
    }

    /// <summary>Ctrl-C while old connections finish: the traffic has moved, the rest is finished by resume.</summary>
    [Fact]
    public async Task Failover_InterruptedInTheWait_EndsAtOnceAndResumeFinishes()
    {
        using var op = await Operator.AtAsync(lab);
        using var clients = await LoadClients.StartAsync(op.Segment, lab.Addresses.VipV4);
        // An idle one hears no "please leave": it stays until it is gone by itself.
        using var idle = new TcpClient();
        await idle.ConnectAsync(lab.Addresses.VipV4, 80, TestContext.Current.CancellationToken);
        await idle.GetStream()
            .WriteAsync("GET /whoami HTTP/1.1\r\nHost: lab.example.com\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var run = op.Start("failover", "lb1", "lb2", "--grace", "60s");
        var started = await run.ReadUntilAsync("run");
        var index = started["plan"]!.AsArray().Select((s, i) => (Uses: (string?)s!["uses"], Index: i))
            .First(s => s.Uses == "handover.wait").Index;
        await run.ReadUntilAsync("step", index);
        run.Send(Signal.Interrupt);
        var ended = await run.EndAsync();

        idle.Close();
        Assert.Equal(4, ended.ExitCode);
        Assert.Contains("not waited for: interrupted", ended.ToString(), StringComparison.Ordinal);
        Assert.Contains($"resume {(string)started["runId"]!}", ended.Next, StringComparison.Ordinal);
        await op.ExpectAsync(0, "resume");
        var seen = await clients.StopAsync();
        Assert.Equal((0, 0), ((int)seen["failed"]!, (int)seen["downloadsBroken"]!));
        await op.Segment.ExpectHolderAsync("lb2", "interrupted, then resumed");
        await HandOverTraces.ExpectNoneAsync(lab, "interrupted, then resumed");
    }
}
