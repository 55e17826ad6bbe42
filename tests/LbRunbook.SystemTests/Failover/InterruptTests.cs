using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>The first signal starts nothing new, but never stops between "add on lb2" and "remove on lb1".</summary>
[Collection(SharedLab.Name)]
public sealed class InterruptTests(LabFixture lab)
{
    [Theory]
    [InlineData(Signal.Interrupt, false)]
    [InlineData(Signal.Interrupt, true)]
    [InlineData(Signal.Terminate, false)]
    [InlineData(Signal.HangUp, true)]
    public async Task Signal_WhileBothNodesHoldTheAddress_FinishesThisMove(int signal, bool wholeGroup)
    {
        using var op = await Operator.AtAsync(lab);
        using var run = op.Start("failover", "lb1", "lb2");
        var add = (await run.ReadUntilAsync("plan"))["steps"]!.AsArray().Select(s => (string?)s!["uses"]).ToList().IndexOf("vip.add");
        await run.ReadUntilAsync("stepFinished", add);

        if (wholeGroup)
            run.SendToGroup(signal);
        else
            run.Send(signal);
        var report = await run.EndAsync();

        // The first address has moved as a whole, the second one not at all: that is "partly", for a human.
        Assert.True(report.ExitCode == 4, report.ToString());
        Assert.Equal("partial", report.Result);
        var holders = await op.Segment.HoldersAsync();
        Assert.True(holders == "v4 on lb2, v6 on lb1", $"{holders}: {report}");
        Assert.Equal($"lbctl --lab={lab.Name} undo {report.RunId}", report.Next);
        Assert.Equal($"lbctl --lab={lab.Name} resume {report.RunId}", (string?)report.Outcome["or"]);
        Assert.Equal("lb2", await op.Segment.AnswererAsync(lab.Addresses.VipV4));

        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
    }

    [Theory]
    [InlineData(Signal.Interrupt, 130)]
    [InlineData(Signal.Terminate, 143)]
    public async Task Signal_BeforeTheFirstChange_ChangesNothing(int signal, int exitCode)
    {
        using var op = await Operator.AtAsync(lab);
        var before = await op.Segment.EverythingAsync();
        using var run = op.Start("failover", "lb1", "lb2");
        await run.ReadUntilAsync("step", 0);
        run.Send(signal);
        var report = await run.EndAsync();

        Assert.True(report.ExitCode == exitCode, report.ToString());
        Assert.Equal("interrupted", report.Result);
        Assert.Equal(before, await op.Segment.EverythingAsync());
    }

    [Theory]
    [InlineData(Signal.Interrupt, 130)]
    [InlineData(Signal.Terminate, 143)]
    public async Task Signal_WhileLooking_EndsAtOnceWithAnOutcome(int signal, int exitCode)
    {
        using var op = await Operator.AtAsync(lab);
        // It waits for this node while it looks.
        await lab.BreakAsync("proxy-freeze", "lb2");
        try
        {
            using var run = op.Start("failover", "lb1", "lb2");
            await Poll.UntilAsync(() => Task.FromResult(op.HoldsLock), held => held, held => $"{held}");
            run.Send(signal);
            var report = await run.EndAsync();

            Assert.True(report.ExitCode == exitCode, report.ToString());
            Assert.Equal("interrupted", report.Result);
            Assert.Empty(op.JournalFiles());
        }
        finally
        {
            await lab.HealAsync();
        }
    }

    [Fact]
    public async Task Signal_Twice_LeavesAtOnceAndSaysHowToGoOn()
    {
        using var op = await Operator.AtAsync(lab);
        using var run = op.Start("failover", "lb1", "lb2");
        var runId = (string?)(await run.ReadUntilAsync("run"))["runId"];
        await run.ReadUntilAsync("intent");
        run.Send(Signal.Interrupt);
        await run.ReadUntilAsync("warning");
        run.Send(Signal.Interrupt);
        var report = await run.EndAsync();

        Assert.True(report.ExitCode == 130, report.ToString());
        Assert.Contains($"undo {runId}", report.Output + report.Error, StringComparison.Ordinal);
        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
    }
}
