using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Backends;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Backends;

/// <summary>Isolating, restoring and draining on two proxies at once, undisturbed and not.</summary>
public sealed class BackendRunTests : IDisposable
{
    private readonly BackendLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Isolate_BothNodesAnswer_IsInMaintenanceOnBothAndStaysSo()
    {
        var outcome = await RunAsync(_lab.Isolate().Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.States());
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.Kept());
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", _lab.States("web2"));
    }

    [Fact]
    public async Task Isolate_Twice_ChangesNothingMore()
    {
        await RunAsync(_lab.Isolate().Plan!);
        var outcome = await RunAsync(_lab.Isolate().Plan!, "run2");
        Assert.Equal((RunResult.AlreadySo, false), (outcome.Result, outcome.Changed));
    }

    [Fact]
    public async Task Drain_OldWorkersCannotBeAsked_DoesNotSayThatNobodyIsLeft()
    {
        _lab.ChangeEverywhere("web1", s => s with { CurrentSessions = 0, MoreSessions = "old worker 7 did not tell" });
        var outcome = await RunAsync(_lab.Drain(new() { For = TimeSpan.FromSeconds(2), Steps = 1 }).Plan!);
        var details = string.Join('\n', outcome.Steps.Select(s => s.Detail));
        Assert.Contains("it is not known whether sessions are left with web/web1 on lb1: old worker 7 did not tell", details,
            StringComparison.Ordinal);
        Assert.DoesNotContain("no session left", details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Isolate_OneNodeDown_IsolatesOnTheOtherAndIsPartial()
    {
        _lab.World["lb1"].Kill();
        var plan = _lab.Isolate().Plan!;
        Assert.Contains(plan.Warnings, w => w.StartsWith("lb1 cannot be reached", StringComparison.Ordinal));
        var outcome = await RunAsync(plan);
        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.Equal("lb1 Ready 100, lb2 Maint 100", _lab.States());

        _lab.World["lb1"].Heal();
        Assert.Equal(RunResult.Done, (await _lab.Runs.ResumeAsync("run", "run2"))!.Result);
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.States());
    }

    [Fact]
    public async Task Isolate_OneNodeHangs_KeepsTheOtherNotWaiting()
    {
        _lab.World.Faults.Inject("server.state", "lb1", FaultKind.Hang);
        var isolated = new TaskCompletionSource();
        _lab.World.Faults.OnCall = call =>
        {
            if (call is { Operation: "servers.keep", Target: "lb2" })
                isolated.TrySetResult();
        };
        var running = RunAsync(_lab.Isolate().Plan!);
        await isolated.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal("lb1 Ready 100, lb2 Maint 100", _lab.States());
        Assert.Equal(RunResult.Partial, (await running).Result);
    }

    [Fact]
    public async Task Isolate_AnotherLeftRotationMeanwhile_IsBlocked()
    {
        var plan = _lab.Isolate().Plan!;
        foreach (var other in (string[])["web2", "web3"])
            _lab.ChangeEverywhere(other, s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        var outcome = await RunAsync(plan);
        Assert.Equal((RunResult.Refused, false), (outcome.Result, outcome.Changed));
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", _lab.States());
    }

    /// <summary>Every line that reached the disk is a place where the process may have died.</summary>
    [Fact]
    public async Task Isolate_KilledAfterAnyJournalLine_CanBeTakenBackOrFinished()
    {
        var lines = await CountLinesAsync();
        Assert.True(lines > 8);
        for (var dieAfter = 1; dieAfter < lines; dieAfter++)
        {
            using var back = new BackendLab();
            await back.Runs.RunAsync(back.Isolate().Plan!, "run", dieAfter);
            if (back.Runs.Past("run").MayHaveChanged)
                await back.Runs.UndoAsync();
            Assert.True(back.States() == "lb1 Ready 100, lb2 Ready 100", $"killed after line {dieAfter}, undone: {back.States()}");
            Assert.DoesNotContain("Maint", back.Kept(), StringComparison.Ordinal);

            using var on = new BackendLab();
            await on.Runs.RunAsync(on.Isolate().Plan!, "run", dieAfter);
            await on.Runs.ResumeAsync("run", "run2");
            Assert.True(on.States() == "lb1 Maint 100, lb2 Maint 100", $"killed after line {dieAfter}, resumed: {on.States()}");
            Assert.Equal("lb1 Maint 100, lb2 Maint 100", on.Kept());
        }
    }

    [Fact]
    public async Task Restore_Isolated_ComesBackThroughDrain()
    {
        await RunAsync(_lab.Isolate().Plan!);
        var before = _lab.World.Faults.Calls.Count;
        var outcome = await RunAsync(_lab.Restore().Plan!, "run2");
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", _lab.States());
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", _lab.Kept());
        Assert.Equal(4, _lab.World.Faults.Calls.Skip(before).Count(c => c.Operation == "server.state"));
    }

    /// <summary>By a proxy that checks, and by one that does not, where the node's own check decides.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restore_StillDead_StaysDrainedIsCalledNotConfirmedAndSaysWhy(bool checks)
    {
        if (!checks)
            _lab.ChangeEverywhere("web1", s => s with { Health = ServerHealth.NoCheck });
        await RunAsync(_lab.Isolate().Plan!);
        _lab.World.DownTargets.Add("10.0.0.21:8080");
        var outcome = await RunAsync(_lab.Restore(waitSeconds: 1).Plan!, "run2");
        Assert.Equal("lb1 Drain 100, lb2 Drain 100", _lab.States());
        var returning = outcome.Steps.First(s => s.Uses == "server.return");
        Assert.Equal(StepStatus.NotConfirmed, returning.Status);
        Assert.Matches(@"^web/web1 did not pass its check on lb1 within 1 s \(.+\): it gets no traffic there", returning.Detail);
    }

    [Fact]
    public async Task Restore_WithRamp_EndsAtFullWeight()
    {
        await RunAsync(_lab.Isolate().Plan!);
        var plan = _lab.Restore(rampSeconds: 0.4).Plan!;
        Assert.Equal([10, 25, 50, 75, 100],
            plan.Steps.Where(s => s.Lane == "lb1").Select(s => s.Step).OfType<LbRunbook.Core.Steps.ServerWeightStep>()
                .Select(s => s.Weight));
        Assert.Equal(RunResult.Done, (await RunAsync(plan, "run2")).Result);
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", _lab.States());
    }

    [Fact]
    public async Task Restore_ErrorsRiseUnderTheFirstTraffic_GoesBack()
    {
        await RunAsync(_lab.Isolate().Plan!);
        _lab.World.Faults.OnCall = call =>
        {
            if (call.Operation == "proxy.read")
                _lab.ChangeEverywhere("web1",
                    s => s.Admin == AdminState.Ready ? s with { Errors = s.Errors + 5, TotalSessions = s.TotalSessions + 6 } : s);
        };
        var outcome = await RunAsync(_lab.Restore(rampSeconds: 4).Plan!, "run2");
        Assert.Equal(RunResult.RolledBack, outcome.Result);
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.States());
    }

    [Fact]
    public async Task Drain_SessionsEnd_LowersTheWeightAndPutsItBackForTheReturn()
    {
        var weights = new List<int>();
        _lab.World.Faults.OnCall = call =>
        {
            if (call is { Operation: "server.weight", Target: "lb1" })
                weights.Add(_lab.World["lb1"].Servers[0].Weight);
            if (_lab.World["lb1"].Servers[0].Admin == AdminState.Drain)
                _lab.ChangeEverywhere("web1", s => s with { CurrentSessions = 0 });
        };
        var outcome = await RunAsync(_lab.Drain(new() { For = TimeSpan.FromSeconds(2), Steps = 4, ThenIsolate = true }).Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        // As each change began.
        Assert.Equal([100, 75, 50, 25], weights);
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.States());
        Assert.Equal(RunResult.Done, (await _lab.Runs.UndoAsync())!.Result);
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", _lab.States());
    }

    /// <summary>
    /// Nobody drains a server because it is well: its errors, its death or somebody's maintenance are no reason to leave it half in.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Drain_ItDiesOrErrsMeanwhile_GoesOnToTheEnd(bool dies)
    {
        var lowered = false;
        _lab.World.Faults.OnCall = call =>
        {
            lowered |= call.Operation == "server.weight";
            if (dies && call.Operation == "server.weight")
                _lab.ChangeEverywhere("web1", s => s with { Health = ServerHealth.Down, Status = "DOWN", CurrentSessions = 0 });
            // More with every look, so that they rise while it is watched.
            else if (!dies && lowered)
                _lab.ChangeEverywhere("web1",
                    s => s with { Errors = (s.Errors ?? 0) + 50, TotalSessions = s.TotalSessions + 50, CurrentSessions = 0 });
        };
        var outcome = await RunAsync(_lab.Drain(new() { For = TimeSpan.FromSeconds(2), Steps = 2, ThenIsolate = true }).Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.States());
    }

    [Theory]
    [InlineData("Keep", RunResult.Partial, "lb1 Drain 100, lb2 Drain 100")]
    [InlineData("Isolate", RunResult.Done, "lb1 Maint 100, lb2 Maint 100")]
    [InlineData("Restore", RunResult.RolledBack, "lb1 Ready 100, lb2 Ready 100")]
    public async Task Drain_SessionsStay_DoesWhatWasSaid(string onTimeout, RunResult result, string states)
    {
        var outcome = await RunAsync(_lab.Drain(new() { For = TimeSpan.FromSeconds(1), Steps = 1,
            OnTimeout = Enum.Parse<OnTimeout>(onTimeout) }).Plan!);
        Assert.Equal(result, outcome.Result);
        Assert.Equal(states, _lab.States());
        Assert.Contains(outcome.Steps, s => s.Detail.Contains("10 sessions left", StringComparison.Ordinal));
    }

    [Fact]
    public void Drain_ServerIsDownAlready_LowersNoWeight()
    {
        _lab.ChangeEverywhere("web1", s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        Assert.DoesNotContain(_lab.Drain(new()).Plan!.Steps, s => s.Step is LbRunbook.Core.Steps.ServerWeightStep);
    }

    private static async Task<int> CountLinesAsync()
    {
        using var whole = new BackendLab();
        await whole.Runs.RunAsync(whole.Isolate().Plan!, "run");
        return (await File.ReadAllLinesAsync(whole.Runs.State.RunFile("run"), TestContext.Current.CancellationToken)).Length;
    }

    private async Task<RunOutcome> RunAsync(Plan plan, string id = "run") => (await _lab.Runs.RunAsync(plan, id))!;
}
