using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Failover.Sweep;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Failover;

/// <summary>A virtual IP on two nodes: who keeps it, and what happens when that cannot be told.</summary>
public sealed class SweepTests
{
    private readonly FailoverLab _lab = new(SampleFleet.TwoNodes());

    public SweepTests() => _lab.World["lb2"].Give(_lab.Fleet.Vip("public"));

    private PlanResult Sweep(string? last = null, string? node = null) =>
        SweepPlanner.Build(_lab.Fleet, new(_lab.Observe(), last, node is null ? null : _lab.Fleet.Node(node)));

    private void Keepalived(string node, int priority, string? runBy = null) => _lab.World[node].Keepalived = new()
    {
        Runs = true,
        RunBy = runBy,
        Instances = [new() { Name = "VI_1", RouterId = 51, Priority = priority, Addresses = [new("10.0.0.100", 32)] }],
    };

    [Fact]
    public void Build_LastRunTells_TheOtherOneIsSwept() => Golden.Verify(FailoverPlannerTests.Show(Sweep(last: "lb2")), "sweep");

    [Fact]
    public void Build_NobodyTells_RefusesAndNamesBothCommands() => Golden.Verify(FailoverPlannerTests.Show(Sweep()), "refused-sweep");

    [Fact]
    public void Build_OnlyOneServes_ItKeepsIt()
    {
        _lab.World["lb1"].ProxyAnswers = false;
        Assert.Contains("from lb1, lb2 keeps it", Sweep().Plan!.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_LastHolderDoesNotServe_TheOtherKeepsIt()
    {
        _lab.World["lb2"].ServiceActive = false;
        Assert.Contains("from lb2, lb1 keeps it", Sweep(last: "lb2").Plan!.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_NobodyServes_RefusesRatherThanGuess()
    {
        _lab.World["lb1"].ServiceActive = false;
        _lab.World["lb2"].ServiceActive = false;
        Assert.Equal("rightful-holder", Assert.Single(Sweep(last: "lb2").Refusals).Guard);
    }

    [Fact]
    public void Build_NamedNodeIsTheOnlyOneThatServes_Refuses()
    {
        _lab.World["lb1"].ServiceActive = false;
        Assert.Contains("without lb2 nobody would serve it", Assert.Single(Sweep(node: "lb2").Refusals).Reason, StringComparison.Ordinal);
    }

    /// <summary>They do not hear each other: the one that would lose an election is stopped, and not started again by an undo.</summary>
    [Theory]
    [InlineData(150, 100, "lb2")]
    [InlineData(100, 150, "lb1")]
    public void Build_TwoKeepalivedAreMaster_TheLowerOneIsStopped(int first, int second, string stopped)
    {
        Keepalived("lb1", first);
        Keepalived("lb2", second);

        var plan = Sweep().Plan!;

        Assert.Equal([new VrrpServiceStep(stopped, Active: false, StaysStopped: true)],
            plan.Steps.Select(s => s.Step).OfType<VrrpServiceStep>());
        Assert.DoesNotContain(plan.Steps, s => s.Step is VipRemoveStep);
    }

    [Fact]
    public void Build_TheOneToBeStoppedIsKeptByAContainer_Refuses()
    {
        Keepalived("lb1", 150);
        Keepalived("lb2", 100, runBy: "containerd-shim (process 90)");

        Assert.Equal("keepalived", Assert.Single(Sweep().Refusals).Guard);
    }

    [Fact]
    public void Build_StrangerAnswersAsWell_Refuses()
    {
        _lab.World["lb2"].CutSsh();
        var refusal = Assert.Single(Sweep().Refusals);
        Assert.Equal(("holders-reachable", "lbctl failover lb2 lb1"), (refusal.Guard, refusal.Next));
    }

    [Fact]
    public void Build_SuspectIsAliveAndLetsNobodyIn_SaysWhy()
    {
        _lab.World["lb2"].CutSsh();
        var seen = _lab.Observe();
        var denied = seen with
        {
            Nodes = [.. seen.Nodes.Select(n =>
                n.Node == "lb2" ? n with { Reach = Reach.PermissionDenied, ReachDetail = "The login shell on lb2 runs no commands." } : n)],
        };
        Assert.Contains("(The login shell on lb2 runs no commands)",
            Assert.Single(SweepPlanner.Build(_lab.Fleet, new(denied, null, null)).Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Sweep_LeavesExactlyTheRightfulHolder()
    {
        var outcome = await _lab.RunAsync(Sweep(last: "lb2").Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["vip.announce lb2 public", "vip.remove lb1 public", "vip.announce lb2 public"], _lab.World.Faults.Changes);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_RightfulHolderLosesItMeanwhile_RemovesNothing()
    {
        var plan = Sweep(last: "lb2").Plan!;
        _lab.World["lb2"].Addresses.RemoveAll(a => a.Address == "10.0.0.100");
        var outcome = await _lab.RunAsync(plan);
        Assert.Equal(RunResult.Refused, outcome.Result);
        Assert.Equal(["lb1"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_NothingIsTwice_ChangesNothing()
    {
        _lab.World["lb1"].Addresses.RemoveAll(a => a.Address == "10.0.0.100");
        _lab.World.ClientNeighbours[_lab.Fleet.Vip("public").Address] = _lab.World["lb2"].Mac;
        var outcome = await _lab.RunAsync(Sweep().Plan!);
        Assert.Equal((RunResult.AlreadySo, false), (outcome.Result, outcome.Changed));
    }
}
