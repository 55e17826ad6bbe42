using LbRunbook.Core.Plans;
using LbRunbook.Engine.Past;
using Xunit;

namespace LbRunbook.Tests.Engine.Past;

/// <summary>Taking a failover back, whole or cut off at any of its journal lines.</summary>
public sealed class UndoTests : IDisposable
{
    private readonly JournaledLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Undo_AfterFailover_PutsAddressAndServiceBack()
    {
        _lab.World["lb2"].ServiceActive = false;
        _lab.World["lb2"].ServiceEnabled = false;
        await _lab.FailoverAsync();
        _lab.ExpectHolder("lb2", "after the failover");

        var outcome = await _lab.UndoAsync();
        Assert.Equal(RunResult.Done, outcome!.Result);
        _lab.ExpectHolder("lb1", "after the undo");
        Assert.False(_lab.World["lb2"].ServiceActive);
        Assert.False(_lab.World["lb2"].ServiceEnabled);
    }

    /// <summary>Every line that reached the disk is a place where the process may have died.</summary>
    [Fact]
    public async Task Undo_KilledAfterAnyJournalLine_EndsWithOneHolder()
    {
        var lines = await JournaledLab.CountLinesAsync();
        Assert.True(lines > 15);
        for (var dieAfter = 1; dieAfter < lines; dieAfter++)
        {
            using var fresh = new JournaledLab();
            await fresh.FailoverAsync(dieAfter);
            if (fresh.Past("run").MayHaveChanged)
                await fresh.UndoAsync();
            fresh.ExpectHolder("lb1", $"killed after line {dieAfter}");
        }
    }

    [Fact]
    public async Task SameCommandAgain_KilledAfterAnyJournalLine_EndsWithOneHolder()
    {
        var lines = await JournaledLab.CountLinesAsync();
        for (var dieAfter = 1; dieAfter < lines; dieAfter++)
        {
            using var fresh = new JournaledLab();
            await fresh.FailoverAsync(dieAfter);
            var again = fresh.Lab.Plan(repeats: true).Plan;
            Assert.NotNull(again);
            await fresh.RunAsync(again, "run2");
            fresh.ExpectHolder("lb2", $"killed after line {dieAfter}");
        }
    }

    [Fact]
    public async Task Undo_OldNodeDeadMeanwhile_LeavesTheAddressWhereItServes()
    {
        await _lab.FailoverAsync();
        _lab.World["lb1"].ProxyAnswers = false;
        var outcome = await _lab.UndoAsync();
        Assert.Equal((RunResult.Refused, false), (outcome!.Result, outcome.Changed));
        _lab.ExpectHolder("lb2", "after the refused undo");
    }

    [Fact]
    public async Task Undo_OfAnEmergencyWithoutTheOldNode_NeverLeavesTheAddressNowhere()
    {
        _lab.World["lb1"].Kill();
        await _lab.FailoverAsync();
        var outcome = await _lab.UndoAsync();
        Assert.NotEqual(RunResult.Done, outcome!.Result);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public").Except(["lb1"]));
    }

    [Fact]
    public async Task Build_RunTakenBackAlready_Refuses()
    {
        await _lab.FailoverAsync();
        await _lab.UndoAsync();
        var result = UndoPlanner.Build(_lab.Lab.Fleet, _lab.Past("run"), acceptLater: false);
        Assert.Equal("not-undone-yet", Assert.Single(result.Refusals).Guard);
    }
}
