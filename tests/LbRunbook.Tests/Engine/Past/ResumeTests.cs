using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using Xunit;

namespace LbRunbook.Tests.Engine.Past;

/// <summary>Going on with a failover that was cut off at any of its journal lines.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly JournaledLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Resume_KilledAfterAnyJournalLine_FinishesTheMove()
    {
        var lines = await JournaledLab.CountLinesAsync();
        for (var dieAfter = 1; dieAfter < lines; dieAfter++)
        {
            using var fresh = new JournaledLab();
            await fresh.FailoverAsync(dieAfter);
            var outcome = await fresh.ResumeAsync("run", "run2");
            Assert.True(outcome!.Result is RunResult.Done or RunResult.AlreadySo,
                $"killed after line {dieAfter}: {outcome.Result}, {outcome.Message}");
            fresh.ExpectHolder("lb2", $"killed after line {dieAfter}, then resumed");
        }
    }

    /// <summary>The last step stops the old proxy: from then on nobody is there whom the steps before it could ask again.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Resume_HandOverAndStopOfTheOldProxyKilledAfterAnyLine_FinishesTheMove(bool hasCloseMap, bool keeps)
    {
        for (var dieAfter = 1; ; dieAfter++)
        {
            using var fresh = new JournaledLab();
            var old = fresh.World["lb1"];
            (old.HasCloseMap, old.Renewal) = (hasCloseMap, new(null, keeps, null));
            if (await fresh.RunAsync(await fresh.PlanHandOverAsync(), "run", dieAfter) is not null)
                break;
            var outcome = await fresh.ResumeAsync("run", "run2");
            Assert.True(outcome!.Result is RunResult.Done or RunResult.AlreadySo,
                $"killed after line {dieAfter}: {outcome.Result}, {outcome.Message}");
            fresh.ExpectHolder("lb2", $"killed after line {dieAfter}, then resumed");
            Assert.False(old.ServiceActive, $"killed after line {dieAfter}: lb1's proxy still runs");
            Assert.All(fresh.World.Nodes, n => Assert.Empty(n.HandOvers));
        }
    }

    [Fact]
    public async Task Undo_OfARunThatWasResumed_TakesBothBack()
    {
        var lines = await JournaledLab.CountLinesAsync();
        for (var dieAfter = 1; dieAfter < lines; dieAfter++)
        {
            using var fresh = new JournaledLab();
            fresh.World["lb2"].ServiceActive = false;
            await fresh.FailoverAsync(dieAfter);
            await fresh.ResumeAsync("run", "run2");
            var outcome = await fresh.UndoAsync("run2");
            Assert.Equal(RunResult.Done, outcome!.Result);
            fresh.ExpectHolder("lb1", $"killed after line {dieAfter}, resumed, undone");
            Assert.False(fresh.World["lb2"].ServiceActive, $"killed after line {dieAfter}: lb2's proxy still runs");
            Assert.Equal("undo", fresh.Past("run").UndoneBy?.RunId);
        }
    }

    [Fact]
    public async Task Resume_KilledItself_CanBeResumedAgain()
    {
        var lines = await JournaledLab.CountLinesAsync();
        for (var dieAfter = 1; dieAfter < lines; dieAfter++)
        {
            using var fresh = new JournaledLab();
            await fresh.FailoverAsync(dieAfter / 2 + 1);
            await fresh.ResumeAsync("run", "run2", dieAfter);
            var again = fresh.PlanResume("run2");
            if (again.Plan is { } plan)
                await fresh.RunAsync(plan, "run3");
            fresh.ExpectHolder("lb2", $"killed after lines {dieAfter / 2 + 1} and {dieAfter}, then resumed");
        }
    }

    [Fact]
    public async Task Resume_NothingLeftToDo_RepeatsNoAnnouncement()
    {
        var lines = await JournaledLab.CountLinesAsync();
        // All but the outcome: every step is done, nobody wrote down that it was the last.
        await _lab.FailoverAsync(dieAfter: lines - 1);
        var outcome = await _lab.ResumeAsync("run", "run2");
        Assert.Equal((RunResult.AlreadySo, false), (outcome!.Result, outcome.Changed));
        Assert.All(outcome.Steps, s => Assert.Equal(StepStatus.Already, s.Status));
    }

    [Fact]
    public async Task Resume_AddressAddedAgain_AnnouncesItAgain()
    {
        var lines = await JournaledLab.CountLinesAsync();
        await _lab.FailoverAsync(dieAfter: lines - 1);
        _lab.World["lb2"].Addresses.RemoveAll(a => a.Address == _lab.Lab.Fleet.Vip("public").Address.ToString());
        var outcome = await _lab.ResumeAsync("run", "run2");
        Assert.Equal(RunResult.Done, outcome!.Result);
        Assert.Contains(outcome.Steps, s => s is { Uses: "vip.announce", Status: StepStatus.Done });
        _lab.ExpectHolder("lb2", "after the resume");
    }

    [Fact]
    public async Task Build_StepWasUnderWay_SaysThatItsEndIsNotKnown()
    {
        var add = _lab.Lab.Plan().Plan!.Steps.Index().First(s => s.Item.Step is VipAddStep).Index;
        // The run's own line, two for each check before it, then its start and its intent.
        await _lab.FailoverAsync(dieAfter: 1 + (2 * add) + 2);
        var warning = Assert.Single(_lab.PlanResume("run").Plan!.Warnings);
        Assert.StartsWith($"step {add + 1} (add the virtual IP public on lb2) was begun and its end is not known", warning,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_InterruptionHolds_AreThoseOfTheFirstRun()
    {
        var plan = _lab.Lab.Plan().Plan!;
        await _lab.FailoverAsync(dieAfter: 3);
        Assert.Equal(plan.Steps.Select(s => s.HoldAfter), _lab.PlanResume("run").Plan!.Steps.Select(s => s.HoldAfter));
    }

    [Fact]
    public async Task Build_RunThatEnded_Refuses()
    {
        await _lab.FailoverAsync();
        Assert.Equal("unfinished", Assert.Single(_lab.PlanResume("run").Refusals).Guard);
    }

    [Fact]
    public async Task Build_FinishedByAnotherRun_Refuses()
    {
        await _lab.FailoverAsync(dieAfter: 5);
        await _lab.ResumeAsync("run", "run2");
        Assert.Contains(_lab.PlanResume("run").Refusals,
            r => r.Guard == "unfinished" && r.Reason.Contains("run2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_MoreThanAnHourOld_RefusesWithTheFlag()
    {
        await _lab.FailoverAsync(dieAfter: 5);
        var refusal = Assert.Single(_lab.PlanResume("run", DateTimeOffset.UtcNow.AddHours(3)).Refusals);
        Assert.Equal(("recent-enough", "--although-old"), (refusal.Guard, refusal.Override));
    }
}
