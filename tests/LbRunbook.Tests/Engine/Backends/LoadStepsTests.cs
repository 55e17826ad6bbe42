using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Backends;
using Xunit;

namespace LbRunbook.Tests.Engine.Backends;

/// <summary>In how many steps a load moves: what the proxy takes, and what the time limit allows.</summary>
public sealed class LoadStepsTests
{
    private const string InOneStep =
        "web on lb1 spreads by source, which takes 0 % and 100 % of a weight and nothing between: the load of web/web1 moves in one step";

    [Fact]
    public async Task DrainThenRestore_AllOrNothing_IsDoneInOneStepAndSaidInThePlan()
    {
        using var lab = Static();
        var drain = lab.Drain(new() { For = TimeSpan.FromSeconds(2), OnTimeout = OnTimeout.Isolate }).Plan!;
        Assert.Contains(InOneStep, drain.Warnings);
        Assert.Equal(RunResult.Done, (await lab.Runs.RunAsync(drain, "run"))!.Result);
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", lab.States());
        var restore = lab.Restore(rampSeconds: 2).Plan!;
        Assert.Contains(InOneStep, restore.Warnings);
        Assert.Equal(RunResult.Done, (await lab.Runs.RunAsync(restore, "run2"))!.Result);
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", lab.States());
    }

    [Fact]
    public async Task Recover_AllOrNothing_ComesBack()
    {
        using var lab = Static();
        lab.KillBackend();
        var plan = lab.Recover(new() { Wait = TimeSpan.FromSeconds(2), Ramp = TimeSpan.FromSeconds(2), PauseSeconds = 0.02 }).Plan!;
        Assert.Contains(InOneStep, plan.Warnings);
        Assert.Equal(RunResult.Done, (await lab.Runs.RunAsync(plan, "run"))!.Result);
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", lab.States());
    }

    /// <summary>Each reload may take 2.5 s: nine of them, one for "down" and one for the weight are 27 s of 6.</summary>
    [Theory]
    [InlineData(6, 10, "")]
    [InlineData(30, 10, "75 50 25")]
    [InlineData(60, 10, "85 71 57 42 28 14")]
    [InlineData(300, 10, "90 80 70 60 50 40 30 20 10")]
    [InlineData(300, 2, "50")]
    public void Drain_EachChangeIsAReload_TakesFewerStepsThanTimeAllowsAndSaysSo(int seconds, int steps, string weights)
    {
        using var lab = new BackendLab(BackendLab.Nginx);
        var limit = TimeSpan.FromSeconds(seconds);
        var plan = lab.Drain(new() { For = limit, Steps = steps }).Plan!;
        var lane = plan.Steps.Where(s => s.Lane == "lb1").Select(s => s.Step).ToList();
        var set = lane.OfType<ServerWeightStep>().Select(s => s.Weight).ToList();
        Assert.Equal(weights, string.Join(' ', set.SkipLast(set.Count > 0 ? 1 : 0)));
        var changes = (set.Count + 1) * 2.5;
        var waits = lane.OfType<ServerSteadyStep>().Sum(s => s.Seconds) + lane.OfType<ServerIdleStep>().Sum(s => s.GraceSeconds);
        Assert.InRange(changes + waits, 0.8 * seconds, seconds);
        var told = plan.Warnings.SingleOrDefault(w => w.StartsWith("each change on lb1 is a reload", StringComparison.Ordinal));
        Assert.Equal(set.Count - (set.Count > 0 ? 1 : 0) < steps - 1, told is not null);
        if (seconds == 6)
            Assert.EndsWith("which may wait 2.5 s for busy clients: one step instead of 10 within 6s", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "100")]
    [InlineData(10, "25 50 100")]
    [InlineData(30, "10 25 50 75 100")]
    public void Restore_EachChangeIsAReload_HasNoMoreLevelsThanTimeAllows(int seconds, string weights)
    {
        using var lab = new BackendLab(BackendLab.Nginx);
        lab.ChangeEverywhere("web1", s => s with { Admin = AdminState.Maint, Status = "down" });
        var lane = lab.Restore(rampSeconds: seconds).Plan!.Steps.Where(s => s.Lane == "lb1").Select(s => s.Step).ToList();
        Assert.Equal(weights, string.Join(' ', lane.OfType<ServerWeightStep>().Select(s => s.Weight)));
        Assert.InRange((2.5 * (lane.OfType<ServerWeightStep>().Count() - 1)) + lane.OfType<ServerSteadyStep>().Sum(s => s.Seconds),
            seconds - 0.1, seconds + 0.1);
    }

    /// <summary>What is isolated goes at once: the reload that lets the clients of a drain go would come first.</summary>
    [Fact]
    public async Task Isolate_EachChangeIsAReload_ChangesOnce()
    {
        using var lab = new BackendLab(BackendLab.Nginx);
        await lab.Runs.RunAsync(lab.Isolate().Plan!, "run");
        Assert.Equal(2, lab.World.Faults.Calls.Count(c => c.Operation == "server.state"));
    }

    private static BackendLab Static()
    {
        var lab = new BackendLab();
        foreach (var node in lab.World.Nodes)
            node.Balancing = [new("web", "source", TakesSteps: false)];
        return lab;
    }
}
