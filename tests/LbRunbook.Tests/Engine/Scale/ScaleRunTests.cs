using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Scale;

/// <summary>The plans carried out, cut off and taken back.</summary>
public sealed class ScaleRunTests : IDisposable
{
    private readonly ScaleLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task OutThenIn_LeavesNothingBehind()
    {
        Assert.Equal(RunResult.Done, (await RunAsync(_lab.Out().Plan!)).Result);
        Assert.Equal(ScaleLab.Added, _lab.State());
        Assert.Equal(RunResult.Done, (await RunAsync(_lab.In().Plan!, "run2")).Result);
        Assert.Equal(ScaleLab.Untouched(kept: true), _lab.State());
        Assert.Equal(RunResult.Done, (await _lab.Runs.UndoAsync("run2", "undo2"))!.Result);
        Assert.Equal(ScaleLab.Added, _lab.State());
    }

    [Fact]
    public async Task Out_NeverHealthy_AddsNothing()
    {
        _lab.World.DownTargets.Add("10.0.0.61:8080");
        var outcome = await RunAsync(_lab.Out(wait: 0.5).Plan!);
        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.DoesNotContain(_lab.World.Faults.Calls, c => c.Operation == "member.add");
        Assert.Contains(outcome.Steps, s => s.Detail.Contains("app on em1 is ", StringComparison.Ordinal));
        Assert.Equal(RunResult.Done, (await _lab.Runs.UndoAsync())!.Result);
        Assert.Equal(ScaleLab.Untouched(kept: false), _lab.State());
    }

    [Fact]
    public async Task Out_OneNodeDown_AddsOnTheOtherAndResumeFinishes()
    {
        var plan = _lab.Out().Plan!;
        _lab.World["lb2"].Kill();
        Assert.Equal(RunResult.Partial, (await RunAsync(plan)).Result);
        Assert.Contains(_lab.World["lb1"].Servers, s => s is { Server: "em1", InRotation: true, Weight: 100 });
        _lab.World["lb2"].Heal();
        Assert.Equal(RunResult.Done, (await _lab.Runs.ResumeAsync("run", "run2"))!.Result);
        Assert.Equal(ScaleLab.Added, _lab.State());
    }

    [Fact]
    public async Task Out_ErrorsRiseUnderTheFirstTraffic_GetsNoneAnyMore()
    {
        _lab.World.Faults.OnCall = call =>
        {
            if (call.Operation == "proxy.read")
                _lab.ChangeEverywhere("em1",
                    s => s.Admin == AdminState.Ready ? s with { Errors = s.Errors + 5, TotalSessions = s.TotalSessions + 6 } : s);
        };
        Assert.Equal(RunResult.Partial, (await RunAsync(_lab.Out(warmUp: 4).Plan!)).Result);
        Assert.All(_lab.World.Nodes, n => Assert.Equal(AdminState.Drain, n.Servers.Single(s => s.Server == "em1").Admin));
        _lab.World.Faults.OnCall = _ => { };
        Assert.Equal(RunResult.Done, (await _lab.Runs.UndoAsync())!.Result);
        Assert.DoesNotContain("em1=", _lab.State(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_SomebodyIsStillServed_WaitsForThemAndStopsTheServiceLast()
    {
        await RunAsync(_lab.Out().Plan!);
        _lab.ChangeEverywhere("em1", s => s with { CurrentSessions = 3 });
        var order = new List<string>();
        _lab.World.Faults.OnCall = call =>
        {
            var seen = _lab.World.Nodes.Where(n => call.Target is "em1" || n.Name == call.Target).SelectMany(n => n.Servers)
                .Where(s => s.Server == "em1").Select(s => $"{s.Admin} {s.CurrentSessions}");
            if (call.Operation is "member.remove" or "service.stop")
                order.Add($"{call.Operation} {string.Join(",", seen)}");
            // Its sessions end after it was drained.
            _lab.ChangeEverywhere("em1", s => s.Admin == AdminState.Ready ? s : s with { CurrentSessions = 0 });
        };
        Assert.Equal(RunResult.Done, (await _lab.Runs.UndoAsync())!.Result);
        Assert.Equal(["member.remove Drain 0", "member.remove Drain 0", "service.stop "], order);
        Assert.Equal(ScaleLab.Untouched(kept: true), _lab.State());
    }

    [Fact]
    public async Task In_SessionsStay_LeavesItDrainedAndItsServiceRunning()
    {
        await RunAsync(_lab.Out().Plan!);
        _lab.ChangeEverywhere("em1", s => s with { CurrentSessions = 3 });
        var outcome = await RunAsync(_lab.In(forSeconds: 0.5).Plan!, "run2");
        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.Contains(outcome.Steps, s => s.Detail.Contains("3 sessions left", StringComparison.Ordinal));
        Assert.All(_lab.World.Nodes, n => Assert.Equal(AdminState.Drain, n.Servers.Single(s => s.Server == "em1").Admin));
        Assert.True(_lab.World["em1"].ServiceActive);
    }

    [Fact]
    public async Task Undo_ProxyReloadedWithoutTheLine_IsDoneAllTheSame()
    {
        await RunAsync(_lab.Out().Plan!);
        foreach (var node in _lab.World.Nodes)
            node.Servers = [.. node.Servers.Where(s => s.Server != "em1")];
        Assert.Equal(RunResult.Done, (await _lab.Runs.UndoAsync())!.Result);
        Assert.Equal(ScaleLab.Untouched(kept: true), _lab.State());
    }

    [Fact]
    public async Task Undo_LastInRotation_IsBlocked()
    {
        await RunAsync(_lab.Out().Plan!);
        foreach (var own in (string[])["web1", "web2", "web3"])
            _lab.ChangeEverywhere(own, s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        Assert.Contains((await _lab.Runs.UndoAsync())!.Steps, s => s is { Uses: "server.remove", Status: StepStatus.Blocked });
        Assert.All(_lab.World.Nodes, n => Assert.Contains(n.Servers, s => s is { Server: "em1", InRotation: true }));
    }

    [Theory]
    [InlineData(ProxyKind.Haproxy, "10 25 50 75 100")]
    // Every level is a reload there.
    [InlineData(ProxyKind.Nginx, "10 50 100")]
    public async Task Out_WarmUp_GoesThroughTheLevelsOfTheProxy(ProxyKind proxy, string levels)
    {
        using var lab = new ScaleLab(proxy);
        var weights = new List<int>();
        lab.World.Faults.OnCall = _ =>
            weights.AddRange(lab.World["lb2"].Servers.Where(s => s.Server is "em1" or "10.0.0.61:8080" && s.Admin == AdminState.Ready)
                .Select(s => s.Weight));
        Assert.Equal(RunResult.Done, (await lab.Runs.RunAsync(lab.Out().Plan!, "run"))!.Result);
        Assert.Equal(levels, string.Join(' ', weights.Distinct()));
    }

    [Fact]
    public async Task UndoOfIn_ItIsNewAgain_GetsItsLoadLittleByLittle()
    {
        await RunAsync(_lab.Out(warmUp: 0).Plan!);
        await RunAsync(_lab.In(warmUp: 0.4).Plan!, "run2");
        var weights = new HashSet<int>();
        _lab.World.Faults.OnCall = _ =>
            weights.UnionWith(_lab.World["lb2"].Servers.Where(s => s is { Server: "em1", Admin: AdminState.Ready }).Select(s => s.Weight));
        Assert.Equal(RunResult.Done, (await _lab.Runs.UndoAsync("run2", "undo2"))!.Result);
        Assert.Equal([10, 25, 50, 75, 100], weights.Order());
        Assert.Equal(ScaleLab.Added, _lab.State());
    }

    [Fact]
    public async Task In_ServiceRanBeforeTheScaleOut_LeavesItRunningAndSaysSo()
    {
        _lab.World["em1"].ServiceActive = true;
        await RunAsync(_lab.Out().Plan!);
        var plan = _lab.In().Plan!;
        Assert.DoesNotContain(plan.Steps, s => s.Step is EmergencyServiceStep);
        Assert.Contains(plan.Warnings,
            w => w.Contains("the service of em1 keeps running", StringComparison.Ordinal)
                && w.Contains("--stop-services", StringComparison.Ordinal));
        Assert.Equal(RunResult.Done, (await RunAsync(plan, "run2")).Result);
        Assert.True(_lab.World["em1"].ServiceActive);
    }

    [Fact]
    public async Task In_ServiceRanBeforeAndIsToBeStopped_IsStopped()
    {
        _lab.World["em1"].ServiceActive = true;
        await RunAsync(_lab.Out().Plan!);
        await RunAsync(_lab.In(stopServices: true).Plan!, "run2");
        Assert.False(_lab.World["em1"].ServiceActive);
    }

    /// <summary>What counts is who started it last: out and in again, then somebody else starts it, and it is added.</summary>
    [Fact]
    public async Task In_StartedByAnEarlierScaleOutAndStoppedSince_IsNotOurs()
    {
        await RunAsync(_lab.Out().Plan!);
        Assert.Contains(_lab.In().Plan!.Steps, s => s.Step is EmergencyServiceStep { Active: false, StartedBy: "run" });
        await RunAsync(_lab.In().Plan!, "run2");
        _lab.World["em1"].ServiceActive = true;
        await RunAsync(_lab.Out().Plan!, "run3");
        Assert.DoesNotContain(_lab.In().Plan!.Steps, s => s.Step is EmergencyServiceStep);
    }

    /// <summary>
    /// The first scale-out started it and failed; the second one found it running, which does not make it somebody else's.
    /// </summary>
    [Fact]
    public async Task In_StartedByAScaleOutThatFailed_IsStopped()
    {
        _lab.World.DownTargets.Add("10.0.0.61:8080");
        await RunAsync(_lab.Out(wait: 0.3).Plan!);
        _lab.World.DownTargets.Clear();
        await RunAsync(_lab.Out().Plan!, "run2");
        await RunAsync(_lab.In().Plan!, "run3");
        Assert.Equal(ScaleLab.Untouched(kept: true), _lab.State());
    }

    /// <summary>Every line that reached the disk is a place where the process may have died.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task KilledAfterAnyJournalLine_CanBeTakenBackOrFinished(bool scaleIn)
    {
        using var whole = await AtAsync(scaleIn);
        await whole.Runs.RunAsync(Plan(whole, scaleIn), "run");
        var lines = (await File.ReadAllLinesAsync(whole.Runs.State.RunFile("run"), TestContext.Current.CancellationToken)).Length;
        Assert.True(lines > 15);
        for (var dieAfter = 1; dieAfter < lines; dieAfter++)
        {
            using var back = await AtAsync(scaleIn);
            var before = back.State(withKept: false);
            await back.Runs.RunAsync(Plan(back, scaleIn), "run", dieAfter);
            if (back.Runs.Past("run").MayHaveChanged)
                await back.Runs.UndoAsync();
            Assert.True(back.State(withKept: false) == before, $"killed after line {dieAfter}, undone: {back.State()}");
            // What was written down meanwhile is what is now.
            Assert.All(back.World.Nodes,
                n => Assert.True(n.Kept.Count is 0
                    || n.Kept.Select(s => (s.Server, s.Admin)).SequenceEqual(n.Servers.Select(s => (s.Server, s.Admin))),
                    $"killed after line {dieAfter}, undone: {back.State()}"));

            using var on = await AtAsync(scaleIn);
            await on.Runs.RunAsync(Plan(on, scaleIn), "run", dieAfter);
            await on.Runs.ResumeAsync("run", "run2");
            Assert.True(on.State() == (scaleIn ? ScaleLab.Untouched(kept: true) : ScaleLab.Added),
                $"killed after line {dieAfter}, resumed: {on.State()}");
        }
    }

    private static async Task<ScaleLab> AtAsync(bool scaledOut)
    {
        var lab = new ScaleLab();
        if (scaledOut)
            await lab.Runs.RunAsync(lab.Out(warmUp: 0).Plan!, "before");
        return lab;
    }

    private static Plan Plan(ScaleLab lab, bool scaleIn) => scaleIn ? lab.In().Plan! : lab.Out(warmUp: 0.1).Plan!;

    private async Task<RunOutcome> RunAsync(Plan plan, string id = "run") => (await _lab.Runs.RunAsync(plan, id))!;
}
