using LbRunbook.Cli.Verbs.Undo;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Verbs.Failover;
using Xunit;

namespace LbRunbook.Tests.Verbs.Undo;

/// <summary>Taking a failover back, whole or cut off at any of its journal lines.</summary>
public sealed class UndoTests : IDisposable
{
    private readonly StatePaths _state = new(Directory.CreateTempSubdirectory("lbctl-undo-").FullName);
    private readonly FailoverLab _lab = new(SampleFleet.TwoNodes(withIPv6: true));

    public void Dispose() => Directory.Delete(_state.Root, recursive: true);

    [Fact]
    public async Task Undo_AfterFailover_PutsAddressAndServiceBack()
    {
        _lab.World["lb2"].ServiceActive = false;
        _lab.World["lb2"].ServiceEnabled = false;
        await RunAsync(_lab.Plan().Plan!, dieAfter: int.MaxValue);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));

        var outcome = await UndoAsync();
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["lb1"], _lab.World.HoldersOf("public"));
        Assert.False(_lab.World["lb2"].ServiceActive);
        Assert.False(_lab.World["lb2"].ServiceEnabled);
    }

    /// <summary>Every line that reached the disk is a place where the process may have died.</summary>
    [Fact]
    public async Task Undo_KilledAfterAnyJournalLine_EndsWithOneHolder()
    {
        var lines = await CountLinesAsync();
        Assert.True(lines > 15);
        for (var dieAfter = 1; dieAfter < lines; dieAfter++)
        {
            using var fresh = new UndoTests();
            await fresh.RunAsync(fresh._lab.Plan().Plan!, dieAfter);
            var run = new JournalStore(fresh._state).Newest(null).Single();
            if (run.MayHaveChanged)
                await fresh.UndoAsync();
            Assert.Equal(["lb1"], fresh._lab.World.HoldersOf("public"));
            Assert.Equal(["lb1"], fresh._lab.World.HoldersOf("public6"));
        }
    }

    [Fact]
    public async Task SameCommandAgain_KilledAfterAnyJournalLine_EndsWithOneHolder()
    {
        var lines = await CountLinesAsync();
        for (var dieAfter = 1; dieAfter < lines; dieAfter++)
        {
            using var fresh = new UndoTests();
            await fresh.RunAsync(fresh._lab.Plan().Plan!, dieAfter);
            var again = fresh._lab.Plan(repeats: true).Plan;
            Assert.NotNull(again);
            await fresh.RunAsync(again, int.MaxValue, "again");
            Assert.Equal(["lb2"], fresh._lab.World.HoldersOf("public"));
            Assert.Equal(["lb2"], fresh._lab.World.HoldersOf("public6"));
        }
    }

    [Fact]
    public async Task Undo_OldNodeDeadMeanwhile_LeavesTheAddressWhereItServes()
    {
        await RunAsync(_lab.Plan().Plan!, dieAfter: int.MaxValue);
        _lab.World["lb1"].ProxyAnswers = false;
        var outcome = await UndoAsync();
        Assert.Equal((RunResult.Refused, false), (outcome.Result, outcome.Changed));
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Undo_OfAnEmergencyWithoutTheOldNode_NeverLeavesTheAddressNowhere()
    {
        _lab.World["lb1"].Kill();
        await RunAsync(_lab.Plan().Plan!, dieAfter: int.MaxValue);
        var outcome = await UndoAsync();
        Assert.NotEqual(RunResult.Done, outcome.Result);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public").Except(["lb1"]));
    }

    [Fact]
    public async Task Build_RunTakenBackAlready_Refuses()
    {
        await RunAsync(_lab.Plan().Plan!, dieAfter: int.MaxValue);
        await UndoAsync();
        var store = new JournalStore(_state);
        var result = UndoPlanner.Build(_lab.Fleet, store.Find("run")!, store.UndoOf("run"), [], accept: false);
        Assert.Equal("not-undone-yet", Assert.Single(result.Refusals).Guard);
    }

    private async Task<int> CountLinesAsync()
    {
        using var whole = new UndoTests();
        await whole.RunAsync(whole._lab.Plan().Plan!, int.MaxValue);
        return (await File.ReadAllLinesAsync(whole._state.RunFile("run"), TestContext.Current.CancellationToken)).Length;
    }

    private async Task<RunOutcome> UndoAsync()
    {
        var store = new JournalStore(_state);
        var run = store.Find("run")!;
        var plan = UndoPlanner.Build(_lab.Fleet, run, null, [], accept: false).Plan!;
        return (await RunAsync(plan, int.MaxValue, "undo"))!;
    }

    /// <summary>A run with its journal; it "dies" by throwing out of the first event that would be line <paramref name="dieAfter"/> + 1.</summary>
    private async Task<RunOutcome?> RunAsync(Plan plan, int dieAfter, string id = "run")
    {
        using var journal = JournalWriter.Open(_state, id, m => Assert.Fail(m));
        var lines = 0;
        void Emit(RunEvent e)
        {
            if (e is StepWaiting)
                return;
            if (lines++ >= dieAfter)
                throw new DiedException();
            journal.Write(e);
        }
        try
        {
            Emit(new RunStarted
            {
                At = DateTimeOffset.UtcNow, RunId = id, Verb = plan.Verb, Cluster = plan.Cluster, Environment = "lab", Title = plan.Title,
                Plan = [.. plan.Steps.Select(s => s.Step)], Subjects = plan.Subjects, Undoes = plan.Undoes,
                User = "tester", Host = Environment.MachineName, Pid = 0x3ffffff,
            });
            var outcome = await new PlanRunner(new StepContext(_lab.Fleet, _lab.World, TimeProvider.System), Emit).RunAsync(plan, CancellationToken.None);
            Emit(outcome with { RunId = id });
            return outcome;
        }
        catch (DiedException)
        {
            return null;
        }
    }

    private sealed class DiedException : Exception;
}
