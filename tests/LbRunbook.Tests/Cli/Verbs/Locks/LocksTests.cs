using LbRunbook.Adapters.Processes;
using LbRunbook.Cli.Verbs.Locks;
using LbRunbook.Core.Leases;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Claims;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Cli.Verbs.Locks;

/// <summary>What is made of the places that were asked; and when a process is proven gone.</summary>
public sealed class LocksTests
{
    private static readonly LockPlace FreeHere = new(LockInfo.Here, LockState.Free);

    [Fact]
    public void ExitCode_EveryState_IsNagios()
    {
        Assert.Equal(0, LocksCommand.ExitCodeOf([FreeHere, new("lb1", LockState.Free), Unknown("lb2")]));
        Assert.Equal(1, LocksCommand.ExitCodeOf([FreeHere, Held("lb1"), Held("lb2")]));
        Assert.Equal(2, LocksCommand.ExitCodeOf([FreeHere, Held("lb1"), Held("lb2", "bob")]));
        Assert.Equal(2, LocksCommand.ExitCodeOf([FreeHere, Held("lb1") with { Process = HolderProcess.Gone }]));
        Assert.Equal(2, LocksCommand.ExitCodeOf([FreeHere, new("lb1", LockState.Unreadable) { Info = new("lb1", null) }]));
        Assert.Equal(3, LocksCommand.ExitCodeOf([FreeHere, Unknown("lb1"), Unknown("lb2")]));
    }

    [Fact]
    public void Unlock_HolderIsAliveHere_IsRefusedWithTheFlagThatOverridesIt()
    {
        var places = new[] { Held("lb1") with { Process = HolderProcess.Alive } };
        var refused = UnlockGuard.Decide(SampleFleet.TwoNodes(), places, althoughAlive: false)!;
        Assert.Equal((3, UnlockGuard.AlthoughAlive), (refused.ExitCode, Assert.Single(refused.Refusals).Override));
        Assert.Null(UnlockGuard.Decide(SampleFleet.TwoNodes(), places, althoughAlive: true));
    }

    [Fact]
    public void Unlock_NobodyHasIt_IsAlreadySoUnlessNobodyCouldBeAsked()
    {
        Assert.Equal(0, UnlockGuard.Decide(SampleFleet.TwoNodes(), [FreeHere, new("lb1", LockState.Free)], false)!.ExitCode);
        Assert.Equal(1, UnlockGuard.Decide(SampleFleet.TwoNodes(), [FreeHere, Unknown("lb1")], false)!.ExitCode);
    }

    [Fact]
    public async Task IsGone_ThisProcessAndADeadOne_AreToldApart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "process tables are read from /proc");
        var me = Me(Environment.ProcessId);
        Assert.Equal((false, true), (LocalProcess.IsGone(me), LocalProcess.IsAlive(me)));
        // The same number, another process; and a process table that is not ours.
        Assert.True(LocalProcess.IsGone(me with { ProcessStart = me.ProcessStart - 1 }));
        Assert.False(LocalProcess.IsGone(me with { ProcessStart = me.ProcessStart - 1, Place = "elsewhere" }));
        Assert.False(LocalProcess.IsGone(me with { ProcessStart = me.ProcessStart - 1, Place = "" }));

        using var child = System.Diagnostics.Process.Start("sleep", "60");
        var holder = Me(child.Id);
        Assert.False(LocalProcess.IsGone(holder));
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(LocalProcess.IsGone(holder));
    }

    private static LeaseHolder Me(int pid) =>
        SampleLease.Holder("me", pid) with { Place = LocalProcess.Place(), ProcessStart = LocalProcess.StartOf(pid) };

    private static LockPlace Held(string where, string user = "alice") =>
        new(where, LockState.Held) { Info = new(where, SampleLease.Holder(user)) { HeldForMs = 1000, ExpiresInMs = 29000 }, Id = "x" };

    private static LockPlace Unknown(string where) => new(where, LockState.Unknown) { Why = "no answer" };
}
