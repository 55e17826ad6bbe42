using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Past;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Past;

/// <summary>Open connections on the way back of a failover that handed them over.</summary>
public sealed class UndoHandOverTests : IDisposable
{
    private readonly JournaledLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Frame_OfAHandOver_HandsOverBackAndStopsNoProxyBefore()
    {
        _lab.World["lb2"].ServiceActive = false;
        await _lab.RunAsync(await _lab.PlanHandOverAsync(stopProxy: false), "run");
        Golden.Verify(string.Join('\n', (await PlanAsync()).Steps.Select(s => s.Step.Describe())), "undo-hand-over");
    }

    [Fact]
    public async Task Undo_OfAHandOver_LeavesTheStateBeforeAndNothingElse()
    {
        await _lab.RunAsync(await _lab.PlanHandOverAsync(), "run");
        var outcome = await _lab.RunAsync(await PlanAsync(), "undo");
        Assert.Equal(RunResult.Done, outcome!.Result);
        ExpectClean("undone");
    }

    [Fact]
    public async Task Undo_KilledAfterAnyLine_IsFinishedByResume()
    {
        for (var dieAfter = 1; ; dieAfter++)
        {
            using var fresh = new UndoHandOverTests();
            await fresh._lab.RunAsync(await fresh._lab.PlanHandOverAsync(), "run");
            if (await fresh._lab.RunAsync(await fresh.PlanAsync(), "undo", dieAfter) is not null)
                break;
            var outcome = await fresh._lab.ResumeAsync("undo", "resume");
            Assert.True(outcome!.Result is RunResult.Done or RunResult.AlreadySo,
                $"killed after line {dieAfter}: {outcome.Result}, {outcome.Message}");
            fresh.ExpectClean($"undo killed after line {dieAfter}, then resumed");
        }
    }

    /// <summary>Although the nodes could.</summary>
    [Fact]
    public async Task Frame_OfAPlainMove_StaysPlain()
    {
        _lab.MakeNeighbours();
        await _lab.FailoverAsync();
        Assert.DoesNotContain((await PlanAsync()).Steps, s => s.Step is HandOverGuardStep);
    }

    /// <summary>The rules of the run that was cut off still pass packets the other way.</summary>
    [Fact]
    public async Task Frame_HandOverOfTheRunIsNotOver_StaysPlain()
    {
        await _lab.RunAsync(await _lab.PlanHandOverAsync(), "run", dieAfter: 40);
        var plan = await PlanAsync(o => o with { Nodes = [.. o.Nodes.Select(n => n with { HandOvers = [new("0", true, "lb1", "lb2")] })] });
        Assert.DoesNotContain(plan.Steps, s => s.Step is HandOverGuardStep);
    }

    [Fact]
    public async Task Frame_NodesCannotAnyMore_SaysWhy()
    {
        await _lab.RunAsync(await _lab.PlanHandOverAsync(), "run");
        var hands = (FakeHandOver)_lab.World.HandOver;
        hands.Ability = hands.Ability with { HasTimer = false };
        var plan = await PlanAsync();
        Assert.Contains(plan.Warnings, w => w.StartsWith("no hand-over of open connections: ", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Steps, s => s.Step is HandOverGuardStep);
    }

    private Task<Plan> PlanAsync(Func<Observation, Observation>? seen = null)
    {
        var past = _lab.Past("run");
        var now = _lab.Lab.Observe();
        return UndoHandOver.FrameAsync(_lab.Lab.Fleet, _lab.World, past, UndoPlanner.Build(_lab.Lab.Fleet, past, acceptLater: false).Plan!,
            seen is null ? now : seen(now), "20260101-000000-777-undo", TestContext.Current.CancellationToken);
    }

    private void ExpectClean(string when)
    {
        _lab.ExpectHolder("lb1", when);
        Assert.All(_lab.World.Nodes, n =>
        {
            Assert.True(n.ServiceActive, $"{when}: {n.Name}");
            Assert.Empty(n.HandOvers);
            Assert.False(n.Closing, $"{when}: {n.Name}");
            Assert.DoesNotContain(n.Addresses, a => a.Silent);
        });
    }
}
