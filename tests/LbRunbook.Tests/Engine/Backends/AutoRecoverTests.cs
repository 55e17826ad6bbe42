using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Runs;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Backends;

/// <summary>Repairing one backend of two proxies: dead, broken, hopeless, and with the rest of its pool failing meanwhile.</summary>
public sealed class AutoRecoverTests : IDisposable
{
    private const string AllReady = "lb1 Ready 100, lb2 Ready 100";
    private readonly BackendLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Dead_IsRestartedOnceAndBackInRotation()
    {
        _lab.KillBackend();
        var plan = _lab.Recover().Plan!;
        var outcome = await RunAsync(plan);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal((AllReady, AllReady), (_lab.States(), _lab.Kept()));
        Assert.Equal(1, _lab.Backend.Restarts);
        Assert.Equal(AlertLevel.Resolved, RecoveryAlert.Of(plan, outcome)!.Level);
    }

    [Fact]
    public async Task ComesUpBroken_GetsNoTrafficUntilAnAttemptHelps()
    {
        (_lab.Backend.DeepFails, _lab.Backend.UselessRestarts) = (true, 2);
        List<string> states = [];
        _lab.World.Faults.OnCall = call =>
        {
            if (call.Operation == "backend.restart")
                states.Add(_lab.States());
        };
        var outcome = await RunAsync(_lab.Recover(new() { Wait = TimeSpan.FromSeconds(1), Ramp = TimeSpan.Zero,
            PauseSeconds = 0.02 }).Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(Enumerable.Repeat("lb1 Maint 100, lb2 Maint 100", 3), states);
        Assert.Equal(AllReady, _lab.States());
        Assert.Equal(new Circuit(), _lab.Circuit);
    }

    [Fact]
    public async Task NeverWell_StaysIsolatedAndIsCritical()
    {
        (_lab.Backend.DeepFails, _lab.Backend.UselessRestarts) = (true, int.MaxValue);
        var plan = _lab.Recover(new() { Attempts = 2, Wait = TimeSpan.FromSeconds(1), PauseSeconds = 0.02 }).Plan!;
        var outcome = await RunAsync(plan);
        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.Contains("not well after 2 attempts: deep health of web1", outcome.Message, StringComparison.Ordinal);
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.States());
        Assert.Equal((2, 2), (_lab.Backend.Restarts, _lab.Circuit.Failures));
        Assert.Equal(AlertLevel.Critical, RecoveryAlert.Of(plan, outcome)!.Level);
    }

    [Fact]
    public async Task FifthFailure_OpensTheCircuitInTheMiddleOfARun()
    {
        (_lab.Backend.DeepFails, _lab.Backend.UselessRestarts) = (true, int.MaxValue);
        _lab.Circuit = new(Circuit.Limit - 1, _lab.Runs.Lab.Time.GetUtcNow());
        var outcome = await RunAsync(_lab.Recover(new() { Wait = TimeSpan.FromSeconds(1), PauseSeconds = 0.02 }).Plan!);
        Assert.Contains("circuit breaker of web1 is open", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(1, _lab.Backend.Restarts);
        Assert.Contains(_lab.Recover().Refusals, r => r.Guard == "circuit-breaker");
    }

    [Fact]
    public void CannotBeRestarted_IsRefusedBeforeItIsIsolated() =>
        Assert.Contains(_lab.Recover(whyNotRestart: "masked").Refusals,
            r => r is { Guard: "backend-restartable", Next: "lbctl isolate-backend web1" });

    [Fact]
    public async Task Well_IsLeftAlone()
    {
        var plan = _lab.Recover(well: true).Plan!;
        var outcome = await RunAsync(plan);
        Assert.Equal((RunResult.AlreadySo, false), (outcome.Result, outcome.Changed));
        Assert.Empty(_lab.World.Faults.Changes);
    }

    [Fact]
    public void OthersTooFew_IsRefusedWhileItServes()
    {
        _lab.ChangeEverywhere("web2", s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        Assert.All(_lab.Recover().Refusals, r => Assert.Equal("minimum-capacity", r.Guard));
        Assert.NotEmpty(_lab.Recover().Refusals);
    }

    /// <summary>Half a backend is better than none.</summary>
    [Fact]
    public async Task OthersFailMeanwhile_ItPassesTheProxysCheck_GetsItsTrafficBackFirst()
    {
        (_lab.Backend.DeepFails, _lab.Backend.UselessRestarts) = (true, int.MaxValue);
        _lab.World.Faults.OnCall = call =>
        {
            if (call.Operation == "backend.restart")
                FailOthers();
        };
        var plan = _lab.Recover().Plan!;
        var outcome = await RunAsync(plan);
        Assert.Equal(AllReady, _lab.States());
        Assert.Equal(AllReady, _lab.Kept());
        Assert.Equal(1, _lab.Backend.Restarts);
        Assert.Contains("got its traffic back before anything else", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(AlertLevel.Critical, RecoveryAlert.Of(plan, outcome)!.Level);
    }

    [Fact]
    public async Task OthersFailMeanwhile_ItServesNobodyAnyway_IsRepairedFirst()
    {
        _lab.KillBackend();
        _lab.World.Faults.OnCall = call =>
        {
            if (call.Operation == "backend.restart")
                FailOthers();
        };
        Assert.Equal(RunResult.Done, (await RunAsync(_lab.Recover().Plan!)).Result);
        Assert.Equal(AllReady, _lab.States());
    }

    [Fact]
    public async Task ErrorsUnderTheFirstTraffic_IsOutAgain()
    {
        _lab.KillBackend();
        _lab.World.Faults.OnCall = call =>
        {
            if (call.Operation == "proxy.read")
                _lab.ChangeEverywhere("web1",
                    s => s.Admin == AdminState.Ready ? s with { Errors = s.Errors + 5, TotalSessions = s.TotalSessions + 6 } : s);
        };
        var outcome = await RunAsync(_lab.Recover(new() { Wait = TimeSpan.FromSeconds(2), Ramp = TimeSpan.FromSeconds(4) }).Plan!);
        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.Equal("lb1 Maint 10, lb2 Maint 10", _lab.States());
    }

    [Fact]
    public async Task OneNodeSilent_IsRepairedWithoutIt()
    {
        _lab.KillBackend();
        _lab.World["lb2"].Kill();
        var plan = _lab.Recover().Plan!;
        Assert.Contains(plan.Warnings,
            w => w.StartsWith("lb2 cannot be reached", StringComparison.Ordinal)
                && w.EndsWith("nothing is done there", StringComparison.Ordinal));
        Assert.Equal(RunResult.Done, (await RunAsync(plan)).Result);
    }

    /// <summary>Every line that reached the disk is a place where the process may have died.</summary>
    [Fact]
    public async Task KilledAfterAnyJournalLine_CanBeTakenBackOrFinished()
    {
        using var whole = Dead();
        await whole.Runs.RunAsync(Ramped(whole), "run");
        var lines = (await File.ReadAllLinesAsync(whole.Runs.State.RunFile("run"), TestContext.Current.CancellationToken)).Length;
        Assert.True(lines > 30, $"{lines} lines");
        // Side by side: each of them waits for pauses of a tenth of a second.
        var places = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(1, lines - 1), places, async (dieAfter, _) =>
        {
            using var back = Dead();
            await back.Runs.RunAsync(Ramped(back), "run", dieAfter);
            if (back.Runs.Past("run").MayHaveChanged)
                await back.Runs.UndoAsync();
            Assert.True(back.States() == AllReady, $"killed after line {dieAfter}, undone: {back.States()}");
            Assert.DoesNotContain("Maint", back.Kept(), StringComparison.Ordinal);

            using var on = Dead();
            await on.Runs.RunAsync(Ramped(on), "run", dieAfter);
            var resumed = await on.Runs.ResumeAsync("run", "run2");
            Assert.True(on.States() == AllReady && resumed!.Result is RunResult.Done or RunResult.AlreadySo,
                $"killed after line {dieAfter}, resumed: {on.States()}, {resumed!.Message}");
            Assert.Equal(1, on.Backend.Restarts);
            Assert.True(on.Kept() == AllReady, $"killed after line {dieAfter}, resumed: {on.Kept()}");
        });
    }

    private static BackendLab Dead()
    {
        var lab = new BackendLab();
        lab.KillBackend();
        return lab;
    }

    private static Plan Ramped(BackendLab lab) =>
        lab.Recover(new() { Wait = TimeSpan.FromSeconds(2), Ramp = TimeSpan.FromMilliseconds(40), PauseSeconds = 0.02 }).Plan!;

    private void FailOthers()
    {
        foreach (var other in (string[])["web2", "web3"])
            _lab.ChangeEverywhere(other, s => s with { Health = ServerHealth.Down, Status = "DOWN" });
    }

    private async Task<RunOutcome> RunAsync(Plan plan) => (await _lab.Runs.RunAsync(plan, "run"))!;
}
