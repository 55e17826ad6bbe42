using System.Net.Sockets;
using LbRunbook.Adapters.Lab;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>Established connections survive a planned move, and whatever happens to lbctl, nothing of it stays on the nodes.</summary>
[Collection(TrafficLab.Name)]
public sealed class HandOverTests(LabFixture lab, ITestOutputHelper output)
{
    [Theory]
    [InlineData(false, "nft")]
    [InlineData(true, "nft")]
    [InlineData(false, "iptables")]
    [InlineData(true, "iptables")]
    public async Task Failover_KeepAliveAndDownloads_NoneIsLost(bool ipv6, string tool)
    {
        using var op = await Operator.AtAsync(lab);
        await WithoutAsync("lb2", tool == "nft" ? "iptables ip6tables iptables-restore ip6tables-restore" : "nft", async () =>
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

    /// <summary>Else a client that uses its port again would be heard by what is left of a connection that ended on TO a moment ago.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_ConnectionsHadEndedOnTheTarget_AreForgotten(bool ipv6)
    {
        using var op = await Operator.AtAsync(lab);
        var vip = ipv6 ? lab.Addresses.VipV6 : lab.Addresses.VipV4;
        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        // The proxy closes first, so that the end of the connection is remembered there.
        for (var i = 0; i < 5; i++)
            await LabCommands.RunAsync("asking lb2", op.Segment.InNamespace("client", "curl", "-sS", "-g", "-m", "3", "-H", "Connection: close", $"http://{(ipv6 ? $"[{vip}]" : vip)}/whoami"), TestContext.Current.CancellationToken);
        await op.ExpectAsync(0, "failover", "lb2", "lb1");
        Assert.NotEqual("", await EndedAsync());

        await WithoutAsync("lb2", "nft", async () => await op.ExpectAsync(0, "failover", "lb1", "lb2", "--hand-over"));

        Assert.Equal("", await EndedAsync());

        async Task<string> EndedAsync() => (await lab.ExecAsync("lb2", "sh", "-c", $"ss -Htn state time-wait | grep -F '{vip}' | grep -F '{(ipv6 ? lab.Addresses.V6(lab.State.FindHost("client")!.Number) : lab.AddressOf("client"))}'")).Output;
    }

    /// <summary>kill -9 in the middle: each node takes its part away by itself, and the address stays where it is.</summary>
    [Theory]
    [InlineData("handover.guard")]
    [InlineData("handover.keep")]
    [InlineData("vip.remove")]
    public async Task Failover_KilledInTheMiddle_NodesCleanUpByThemselves(string after)
    {
        using var op = await Operator.AtAsync(lab);
        using var run = op.Start("failover", "lb1", "lb2", "--hand-over-dead-man", "20s");
        var started = await run.ReadUntilAsync("run");
        var index = started["plan"]!.AsArray().Select((s, i) => (Uses: (string?)s!["uses"], Index: i)).First(s => s.Uses == after).Index;
        await run.ReadUntilAsync("stepFinished", index);
        run.Send(Signal.Kill);
        await run.EndAsync();
        var before = await op.Segment.HoldersAsync();
        Assert.NotEqual("", await HandOverTraces.OnAsync(lab, "lb1") + await HandOverTraces.OnAsync(lab, "lb2"));

        var left = "";
        for (var deadline = DateTime.UtcNow.AddSeconds(90); DateTime.UtcNow < deadline;)
        {
            left = await HandOverTraces.OnAsync(lab, "lb1") + await HandOverTraces.OnAsync(lab, "lb2");
            if (left.Length == 0)
                break;
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.Equal("", left);
        Assert.Equal(before, await op.Segment.HoldersAsync());
    }

    [Fact]
    public async Task Failover_NoTimerOnTheNode_SaysWhyAndMovesPlainly()
    {
        using var op = await Operator.AtAsync(lab);
        await WithoutAsync("lb1", "systemd-run", async () =>
        {
            var refused = await op.ExpectAsync(3, "failover", "lb1", "lb2", "--hand-over");
            Assert.Contains("lb1 has no systemd-run", refused.ToString(), StringComparison.Ordinal);
            Assert.Contains("--hand-over off", refused.ToString(), StringComparison.Ordinal);
            await op.Segment.ExpectHolderAsync("lb1", "refused");

            var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");
            Assert.DoesNotContain("handover.guard", done.ToString(), StringComparison.Ordinal);
        });
        await op.Segment.ExpectHolderAsync("lb2", "moved plainly");
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
        await idle.GetStream().WriteAsync("GET /whoami HTTP/1.1\r\nHost: lab.example.com\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var run = op.Start("failover", "lb1", "lb2", "--grace", "60s");
        var started = await run.ReadUntilAsync("run");
        var index = started["plan"]!.AsArray().Select((s, i) => (Uses: (string?)s!["uses"], Index: i)).First(s => s.Uses == "handover.wait").Index;
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

    /// <summary>The node as if these programs were not installed: a file that nobody may execute is no command.</summary>
    private async Task WithoutAsync(string node, string programs, Func<Task> test)
    {
        const string Hide = "for p in $1; do f=$(command -v \"$p\") && mv \"$f\" \"$f.hidden\"; done; hash -r";
        const string Show = "for f in /usr/sbin/*.hidden /usr/bin/*.hidden /sbin/*.hidden /bin/*.hidden; do [ ! -e \"$f\" ] && [ ! -L \"$f\" ] || mv \"$f\" \"${f%.hidden}\"; done";
        await lab.ExecAsync(node, "sh", "-c", Hide, "hide", programs);
        try
        {
            await test();
        }
        finally
        {
            await lab.ExecAsync(node, "sh", "-c", Show);
        }
    }
}
