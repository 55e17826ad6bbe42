using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Backends;
using Xunit;

namespace LbRunbook.Tests.Engine.Backends;

/// <summary>Servers with an agent that sets their state and weight, past whatever is set from here.</summary>
public sealed class AgentTests : IDisposable
{
    private readonly BackendLab _lab = new();

    /// <summary>On both nodes it says "ready 100%" at every look, as long as it is listened to.</summary>
    public AgentTests()
    {
        _lab.ChangeEverywhere("web1", s => s with { AgentSpeaks = true });
        _lab.World.Faults.OnCall = call =>
        {
            if (call.Operation == "proxy.read")
                _lab.ChangeEverywhere("web1", s => s.AgentSpeaks == true
                    ? s with { Admin = AdminState.Ready, Health = ServerHealth.Up, Status = "UP", Weight = 100 }
                    : s);
        };
    }

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Isolate_AgentSaysReady_StaysIsolatedAndUndoGivesItItsWordBack()
    {
        var plan = _lab.Isolate().Plan!;
        Assert.Contains(plan.Warnings, w => w.StartsWith("web/web1 on lb1 has an agent", StringComparison.Ordinal));
        Assert.Equal(RunResult.Done, (await _lab.Runs.RunAsync(plan, "run"))!.Result);
        Assert.Equal(("lb1 Maint 100, lb2 Maint 100", "False False"), (_lab.States(), Speaks));
        Assert.Equal(RunResult.Done, (await _lab.Runs.UndoAsync())!.Result);
        Assert.Equal(("lb1 Ready 100, lb2 Ready 100", "True True"), (_lab.States(), Speaks));
    }

    [Fact]
    public async Task DrainThenRestore_AgentSetsTheWeight_GoesThroughAndEndsWithItsWord()
    {
        var drained = await _lab.Runs.RunAsync(
            _lab.Drain(new() { For = TimeSpan.FromSeconds(2), Steps = 4, OnTimeout = OnTimeout.Isolate }).Plan!, "run");
        Assert.Equal((RunResult.Done, "False False"), (drained!.Result, Speaks));
        Assert.Equal(RunResult.Done, (await _lab.Runs.RunAsync(_lab.Restore(rampSeconds: 1).Plan!, "run2"))!.Result);
        Assert.Equal(("lb1 Ready 100, lb2 Ready 100", "True True"), (_lab.States(), Speaks));
    }

    [Fact]
    public async Task Recover_Dead_ComesBackWithItsAgent()
    {
        _lab.World.Faults.OnCall = null;
        _lab.KillBackend();
        Assert.Equal(RunResult.Done, (await _lab.Runs.RunAsync(_lab.Recover().Plan!, "run"))!.Result);
        Assert.Equal(("lb1 Ready 100, lb2 Ready 100", "True True"), (_lab.States(), Speaks));
    }

    /// <summary>Somebody else told it to keep still, of a server that serves: that is theirs.</summary>
    [Fact]
    public void Restore_InRotationWithASilentAgent_LeavesItSilent()
    {
        _lab.ChangeEverywhere("web1", s => s with { AgentSpeaks = false });
        Assert.DoesNotContain(_lab.Restore().Plan!.Steps, s => s.Step is LbRunbook.Core.Steps.ServerAgentStep);
    }

    private string Speaks => string.Join(' ', _lab.World.Nodes.Select(n => n.Servers.First(s => s.Server == "web1").AgentSpeaks));
}
