using LbRunbook.Adapters.Processes;
using LbRunbook.Lab;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>Whatever happens to lbctl, nothing of a hand-over stays on the nodes, and nothing of before disturbs one.</summary>
public sealed class HandOverEndTests(LabFixture lab) : IClassFixture<LabFixture>
{
    /// <summary>
    /// Else a client that uses its port again would be heard by what is left of a connection that ended on TO a moment ago.
    /// </summary>
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
            await LabCommands.RunAsync("asking lb2",
                op.Segment.InNamespace("client", "curl", "-sS", "-g", "-m", "3", "-H", "Connection: close",
                    $"http://{(ipv6 ? $"[{vip}]" : vip)}/whoami"), TestContext.Current.CancellationToken);
        await op.ExpectAsync(0, "failover", "lb2", "lb1");
        Assert.NotEqual("", await EndedAsync());

        await Hidden.WithoutAsync(lab, "lb2", "nft", async () => await op.ExpectAsync(0, "failover", "lb1", "lb2", "--hand-over"));

        Assert.Equal("", await EndedAsync());

        async Task<string> EndedAsync() =>
            (await lab.ExecAsync("lb2", "sh", "-c",
                $"ss -Htn state time-wait | grep -F '{vip}' | grep -F "
                    + $"'{(ipv6 ? lab.Addresses.V6(lab.State.FindHost("client")!.Number) : lab.AddressOf("client"))}'")).Output;
    }

    /// <summary>kill -9 in the middle: each node takes its part away by itself, and the address stays where it is.</summary>
    [Theory]
    [InlineData("handover.guard")]
    [InlineData("handover.keep")]
    [InlineData("vip.remove")]
    public async Task Failover_KilledInTheMiddle_NodesCleanUpByThemselves(string after)
    {
        using var op = await Operator.AtAsync(lab);
        using var run = op.Start("failover", "lb1", "lb2", "--hand-over-dead-man", "10s");
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
        await Hidden.WithoutAsync(lab, "lb1", "systemd-run", async () =>
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
}
