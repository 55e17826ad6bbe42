using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Backends;
using Xunit;

namespace LbRunbook.Tests.Engine.Backends;

/// <summary>A server is a machine: whatever it is called, and in however many pools it is.</summary>
public sealed class OneMachineTests : IDisposable
{
    private readonly BackendLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Isolate_NamesSwappedOnOneNode_IsRefusedWithBothTablesAndTheWayByAddress()
    {
        SwapOn("lb2");
        var refusal = Assert.Single(_lab.Isolate().Refusals);
        Assert.Equal(("names-agree", "lbctl isolate-backend 10.0.0.21:8080"), (refusal.Guard, refusal.Next));
        Assert.Contains("lb1: web1 is 10.0.0.21:8080, web2 is 10.0.0.22:8080; lb2: web1 is 10.0.0.22:8080, web2 is 10.0.0.21:8080",
            refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("names-agree", Assert.Single(_lab.Restore().Refusals).Guard);
        Assert.Equal("names-agree", Assert.Single(_lab.Drain(new()).Refusals).Guard);
        Assert.Contains(_lab.Recover().Refusals, r => r.Guard == "names-agree");
        // Those whose names are right are not held up.
        Assert.Empty(_lab.Isolate("web3").Refusals);
    }

    [Fact]
    public async Task Isolate_ByAddressWhereNamesDiffer_TakesTheOneMachineOutEverywhere()
    {
        SwapOn("lb2");
        var plan = _lab.Isolate("10.0.0.21:8080").Plan!;
        Assert.Contains(plan.Warnings, w => w.StartsWith("taken by its address 10.0.0.21:8080", StringComparison.Ordinal));
        Assert.Equal(RunResult.Done, (await _lab.Runs.RunAsync(plan, "run"))!.Result);
        Assert.Equal("lb1 Maint 100, lb2 Ready 100", _lab.States("web1"));
        Assert.Equal("lb1 Ready 100, lb2 Maint 100", _lab.States("web2"));
        await _lab.Runs.UndoAsync();
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", _lab.States("web2"));
    }

    [Fact]
    public async Task Isolate_OtherNamesOnOneNode_FindsTheMachine()
    {
        _lab.Change("lb2", "web1", s => s with { Server = "srv-a" });
        await _lab.Runs.RunAsync(_lab.Isolate().Plan!, "run");
        Assert.Equal("lb1 unknown, lb2 Maint 100", _lab.States("srv-a"));
    }

    [Fact]
    public async Task Isolate_TwoServersOfOneMachine_TakesBothOut()
    {
        foreach (var node in _lab.World.Nodes)
            node.Servers = [.. node.Servers, node.Servers[0] with { Server = "web1-again" }];
        await _lab.Runs.RunAsync(_lab.Isolate(request: new() { AcceptLowCapacity = true }).Plan!, "run");
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.States("web1"));
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.States("web1-again"));
    }

    /// <summary>nginx changes the line of an address: there would be two of them.</summary>
    [Fact]
    public void Isolate_TheSameLineTwice_IsRefused()
    {
        foreach (var node in _lab.World.Nodes)
            node.Servers = [.. node.Servers, node.Servers[0]];
        Assert.Contains(_lab.Isolate().Refusals, r => r.Guard == "server-once");
    }

    [Fact]
    public void Isolate_SlotsWithoutAnAddress_AreNoCapacity()
    {
        foreach (var node in _lab.World.Nodes)
            node.Servers = [.. node.Servers.Take(2), .. Enumerable.Range(1, 7).Select(i => node.Servers[2] with
            {
                Server = $"slot{i}", Address = null, HasNoAddress = true, IsSlot = true, Health = ServerHealth.Unknown,
            })];
        // One of two, whatever else could be filled one day.
        Assert.Empty(_lab.Isolate().Refusals);
        _lab.ChangeEverywhere("web2", s => s with { HasNoAddress = true, Health = ServerHealth.Unknown });
        Assert.All(_lab.Isolate().Refusals, r => Assert.Equal("last-backend", r.Guard));
    }

    [Fact]
    public async Task Restore_NameDoesNotResolve_SaysSoInsteadOfAlreadySo()
    {
        _lab.ChangeEverywhere("web1", s => s with { HasNoAddress = true, Fqdn = "web1.example.com", Status = "MAINT (resolution)" });
        var outcome = await _lab.Runs.RunAsync(_lab.Restore().Plan!, "run");
        Assert.Equal(RunResult.Refused, outcome!.Result);
        Assert.Contains("its name web1.example.com does not resolve", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_OfAnIsolationWithoutAnAddress_LeavesItAsItWas()
    {
        _lab.ChangeEverywhere("web1", s => s with { HasNoAddress = true, Health = ServerHealth.Unknown, Fqdn = "web1.example.com" });
        await _lab.Runs.RunAsync(_lab.Isolate().Plan!, "run");
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.States());
        Assert.Equal(RunResult.Done, (await _lab.Runs.UndoAsync())!.Result);
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", _lab.States());
    }

    [Fact]
    public async Task Isolate_AHostInTwoPools_TakesItOutOfBothAndUndoBringsItBack()
    {
        using var lab = new BackendLab(BackendLab.TwoPools);
        var plan = lab.Isolate("10.0.0.21").Plan!;
        Assert.Equal("take web1 (10.0.0.21:8080) out of pool web, api1 (10.0.0.21:9090) out of pool api on lb1, lb2", plan.Title);
        Assert.Equal(RunResult.Done, (await lab.Runs.RunAsync(plan, "run"))!.Result);
        Assert.Equal(("lb1 Maint 100, lb2 Maint 100", "lb1 Maint 100, lb2 Maint 100"), (lab.States("web1"), lab.States("api1")));
        Assert.Equal(("lb1 Maint 100, lb2 Maint 100", "lb1 Maint 100, lb2 Maint 100"), (lab.Kept("web1"), lab.Kept("api1")));
        Assert.Equal("lb1 Ready 100, lb2 Ready 100", lab.States("api4"));
        Assert.Equal(RunResult.Done, (await lab.Runs.UndoAsync())!.Result);
        Assert.Equal(("lb1 Ready 100, lb2 Ready 100", "lb1 Ready 100, lb2 Ready 100"), (lab.States("web1"), lab.States("api1")));
    }

    [Fact]
    public void Isolate_AHostInTwoPools_IsGuardedPoolByPool()
    {
        using var lab = new BackendLab(BackendLab.TwoPools);
        lab.ChangeEverywhere("api4", s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        var refusals = lab.Isolate("10.0.0.21").Refusals;
        Assert.Equal(2, refusals.Count);
        Assert.All(refusals, r => Assert.StartsWith("api on lb", r.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Isolate_TwoOfThreeAtOnce_AreCountedTogether()
    {
        var refusals = _lab.Isolate("web1 web2").Refusals;
        Assert.All(refusals, r => Assert.Equal("minimum-capacity", r.Guard));
        Assert.Equal("web on lb1 would be left with 33 % of its weight (1 of 3 servers: web3); the limit is 50 %", refusals[0].Reason);
        Assert.Equal("web1, web2, web3 are the last servers of web in rotation on lb1: without them the pool serves nobody",
            _lab.Isolate("web1 web2 web3").Refusals[0].Reason);
    }

    [Fact]
    public async Task DrainThenRestore_TwoAtOnce_TakesTheTimeOfOne()
    {
        var limit = TimeSpan.FromSeconds(4);
        var request = new DrainRequest { For = limit, Steps = 3, AcceptLowCapacity = true, OnTimeout = OnTimeout.Isolate };
        var started = _lab.Runs.Lab.Time.GetTimestamp();
        Assert.Equal(RunResult.Done, (await _lab.Runs.RunAsync(_lab.Drain(request, "web1 web2").Plan!, "run"))!.Result);
        Assert.InRange(_lab.Runs.Lab.Time.GetElapsedTime(started).TotalSeconds, 3, 5);
        Assert.Equal("lb1 Maint 100, lb2 Maint 100", _lab.States("web2"));
        await _lab.Runs.RunAsync(_lab.Restore("web1 web2", rampSeconds: 1).Plan!, "run2");
        Assert.Equal(("lb1 Ready 100, lb2 Ready 100", "lb1 Ready 100, lb2 Ready 100"), (_lab.States("web1"), _lab.States("web2")));
    }

    [Fact]
    public void Find_OneNameForTwoMachines_IsAskedAndOneMachineIsNot()
    {
        var fleet = BackendLab.TwoPools;
        Fleet Named(string host) => fleet with
        {
            Pools = [fleet.Pools[0], fleet.Pools[1] with { Backends = [new() { Name = "web1", Host = host, Port = 9090, Pool = "api" }] }],
        };
        Assert.Equal(["web", "api"], BackendLookup.Find(Named("10.0.0.21"), ["web1"], null, "drain").Select(t => t.Pool.Name));
        var asked = Assert.Throws<OperatorException>(() => BackendLookup.Find(Named("10.0.0.99"), ["web1"], null, "drain"));
        Assert.Equal("lbctl drain web1 --from web", asked.Next);
        Assert.Single(BackendLookup.Find(Named("10.0.0.21"), ["web1", "10.0.0.21:8080"], "web", "drain"));
    }

    [Fact]
    public void Recover_OneServiceInTwoPools_GoesOutOfBothForTheRestart()
    {
        var fleet = SampleFleetWithOneService();
        using var lab = new BackendLab(fleet);
        var targets = BackendLookup.WithNeighbours(fleet, BackendLookup.Find(fleet, ["web1"], null, "auto-recover"));
        Assert.Equal(["web1", "api1"], targets.Select(t => t.Backend.Name));
        var now = new BackendSituation(fleet, lab.Runs.Lab.Observe(), new Dictionary<string, string?>(), targets);
        var steps = AutoRecoverPlanner.Build(fleet, now, [new(null, null, 0, false), new(null, null, 0, true)],
            new()).Plan!.Steps.Select(s => s.Step).ToList();
        Assert.Single(steps.OfType<BackendRestartStep>());
        var restart = steps.FindIndex(s => s is BackendRestartStep);
        Assert.Equal(4, steps.Take(restart).OfType<ServerStateStep>().Count(s => s.State == AdminState.Maint));
        Assert.Equal(4, steps.Skip(restart).OfType<ServerReturnStep>().Count());
    }

    private static Fleet SampleFleetWithOneService()
    {
        var fleet = BackendLab.TwoPools;
        return fleet with
        {
            Pools = [fleet.Pools[0], fleet.Pools[1] with
            {
                Backends = [.. fleet.Pools[1].Backends.Select(b => b with { Service = new() { Name = "app" } })],
            }],
        };
    }

    /// <summary>On that node the names web1 and web2 stand for each other's address.</summary>
    private void SwapOn(string node)
    {
        _lab.Change(node, "web1", s => s with { Address = "10.0.0.22:8080" });
        _lab.Change(node, "web2", s => s with { Address = "10.0.0.21:8080" });
    }
}
