using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Engine.Failover;
using Xunit;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>A move that keepalived does not make, and the values from before on both nodes.</summary>
public sealed class KeepalivedExampleTests
{
    private readonly FailoverLab _lab = new(SampleFleet.TwoNodes());
    private readonly RecordedRun _run;

    public KeepalivedExampleTests()
    {
        _run = new(_lab.World);
        Keepalived("lb1", 150);
        Keepalived("lb2", 100);
    }

    private FakeFleet World => _lab.World;

    [Theory]
    [InlineData("lb1", "lb2", null)]
    [InlineData("lb2", "lb1", null)]
    [InlineData("lb2", "lb1", 200)]
    public void Move_VrrpIsCut_PutsBackWhatWasBefore(string from, string to, int? mark)
    {
        Change("lb1", i => i with { OriginalPriority = mark });
        Cut();
        var before = Snapshot.Of(World);
        _run.Do(_lab.Plan(_lab.Request(from, to)).Plan!, Mishap.None);

        var outcome = _run.Chain[0].Outcome!;
        Assert.Equal((RunResult.Failed, false), (outcome.Result, outcome.Changed));
        Assert.Contains("the priorities are what they were", outcome.Message, StringComparison.Ordinal);
        Assert.Empty(before.Differences(Snapshot.Of(World)));
    }

    [Fact]
    public void Move_NodeIsGoneWhenItIsPutBack_SaysWhichAndWhatItHad()
    {
        Cut();
        World.Faults.OnCall = c =>
        {
            if (c is { Operation: "vrrp.read", Target: "lb1" } && World["lb1"].Keepalived!.Instances[0].Priority == 99)
                World["lb1"].CutSsh();
        };
        _run.Do(_lab.Plan().Plan!, Mishap.None);
        var outcome = _run.Chain[0].Outcome!;
        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.Contains("the priorities on lb2 are what they were; the priorities on lb1 could not be put back", outcome.Message,
            StringComparison.Ordinal);
        Assert.Contains("public with priority 150", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Move_SomebodyEditsMeanwhile_LeavesTheirPriority()
    {
        Cut();
        var edited = false;
        World.Faults.OnCall = c =>
        {
            if (edited || c is not { Operation: "vrrp.read" } || World["lb1"].Keepalived!.Instances[0].Priority != 99)
                return;
            edited = true;
            Change("lb1", i => i with { Priority = 120, OriginalPriority = null });
        };
        _run.Do(_lab.Plan().Plan!, Mishap.None);
        var outcome = _run.Chain[0].Outcome!;
        Assert.Contains("somebody else has changed the priority of public on lb1 meanwhile: it is as they left it", outcome.Message,
            StringComparison.Ordinal);
        Assert.Equal((120, null), (World["lb1"].Keepalived!.Instances[0].Priority, World["lb1"].Keepalived!.Instances[0].OriginalPriority));
    }

    /// <summary>Every call is a place where the process may be killed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Undo_KilledAnywhereInTheMove_GivesBothTheirValues(bool resumed)
    {
        for (var at = 1; at < 40; at++)
        {
            var fresh = new KeepalivedExampleTests();
            fresh.Change("lb1", i => i with { NoPreempt = true });
            fresh.Change("lb2", i => i with { NoPreempt = true, OriginalPriority = 200 });
            fresh._run.DoAndJudge(fresh._lab.Plan().Plan!, new(MishapKind.Kill, at), resumed);
        }
    }

    [Fact]
    public void Undo_KeepalivedOnTheTargetWasStarted_IsStoppedAgain()
    {
        World["lb2"].Keepalived = World["lb2"].Keepalived! with { Runs = false };
        _run.DoAndJudge(_lab.Plan().Plan!, Mishap.None, resume: false);
        Assert.False(World["lb2"].Keepalived!.Runs);
    }

    [Fact]
    public void Undo_EmergencyThatEndedASplitBrain_DoesNotStartItAgain()
    {
        Cut();
        _run.Do(_lab.Plan(_lab.Request("lb2", "lb1") with { Emergency = true }).Plan!, Mishap.None);
        Assert.Equal(["lb1"], World.HoldersOf("public"));

        var (plan, _) = _run.Undo();
        Assert.Equal(["lb1"], World.HoldersOf("public"));
        Assert.Contains(plan.Warnings, w => w.StartsWith("keepalived on lb2 stays stopped", StringComparison.Ordinal));
    }

    [Fact]
    public void Move_FileThatLbctlMayNotWriteLowersTheTarget_GoesBelowThat()
    {
        Change("lb2", i => i with { TrackFiles = [new("/run/load", -1, 30, Writable: false)] });
        _run.DoAndJudge(_lab.Plan().Plan!, Mishap.None, resume: false);
        Assert.Contains("vrrp.set lb1 public=69", World.Faults.Changes);
    }

    /// <summary>1 is the least that a priority can be lowered to, and the file makes 121 of it.</summary>
    [Fact]
    public void Move_FileThatLbctlMayNotWriteRaisesTheHolder_IsRefusedWithTheWayThatWorks()
    {
        Change("lb1", i => i with { TrackFiles = [new("/run/bonus", 2, 60, Writable: false)] });
        var refusal = Assert.Single(_lab.Plan().Refusals);
        Assert.Equal(("keepalived-priority", "--emergency"), (refusal.Guard, refusal.Override));
        Assert.Contains("nothing that lb1 could be given is lower", refusal.Reason, StringComparison.Ordinal);
        Assert.NotNull(_lab.Plan(_lab.Request() with { Emergency = true }).Plan);
    }

    [Fact]
    public void Undo_NewHolderCannotBeLowered_ComesBackWhenItsKeepalivedIsStoppedAgain()
    {
        Change("lb2", i => i with { NoPreempt = true, TrackFiles = [new("/run/bonus", 4, 60, Writable: false)] });
        World["lb2"].Keepalived = World["lb2"].Keepalived! with { Runs = false };
        _run.DoAndJudge(_lab.Plan().Plan!, Mishap.None, resume: false);
        Assert.Equal(["lb1"], World.HoldersOf("public"));
        Assert.DoesNotContain(_run.Undo().Plan.Warnings, w => w.Contains("may stay", StringComparison.Ordinal));
    }

    [Fact]
    public void Undo_NewHolderCannotBeLoweredAndRanBefore_SaysBeforehandThatItStaysAndWhatMovesIt()
    {
        Change("lb2", i => i with { NoPreempt = true, TrackFiles = [new("/run/bonus", 4, 60, Writable: false)] });
        _run.Do(_lab.Plan().Plan!, Mishap.None);
        Assert.Equal(["lb2"], World.HoldersOf("public"));

        var (plan, undone) = _run.Undo();
        Assert.Contains(plan.Warnings,
            w => w.StartsWith("public may stay on lb2", StringComparison.Ordinal)
                && w.Contains("lbctl failover lb2 lb1 --emergency", StringComparison.Ordinal));
        Assert.Equal(["lb2"], World.HoldersOf("public"));
        Assert.NotEqual(RunResult.Done, undone.Outcome!.Result);
    }

    private void Cut()
    {
        World.Keepalived.IsCut = true;
        World.Keepalived.Elect();
        Assert.Equal(["lb1", "lb2"], World.HoldersOf("public"));
    }

    private void Keepalived(string node, int priority) => World[node].Keepalived = new()
    {
        Runs = true,
        MayEdit = true,
        ConfigPath = "/etc/keepalived/keepalived.conf",
        Instances = [new() { Name = "public", Interface = "eth0", RouterId = 51, Priority = priority,
            Addresses = [new("10.0.0.100", 32)] }],
    };

    private void Change(string node, Func<VrrpInstance, VrrpInstance> change) =>
        World[node].Keepalived = World[node].Keepalived! with { Instances = [.. World[node].Keepalived!.Instances.Select(change)] };
}
