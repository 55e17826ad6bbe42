using System.Diagnostics;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Locks;

/// <summary>
/// Operators with a state directory each, as on machines of their own: nothing but the lease on the nodes keeps them apart.
/// </summary>
[Collection(SharedLab.Name)]
public sealed class TwoOperatorsTests(LabFixture lab)
{
    [Fact]
    public async Task Failover_AnotherMachinesRunIsUnderWay_ExitsWithItsHolderAndHowToLook()
    {
        using var alice = await Operator.AtAsync(lab);
        using var bob = Operator.At(alice.Segment);
        using var first = alice.Start("failover", "lb1", "lb2");
        var runId = (string?)(await first.ReadUntilAsync("run"))["runId"];
        first.Send(Signal.Stop);

        var second = await bob.ExpectAsync(6, "failover", "lb1", "lb2");

        var lockedBy = second.Outcome["lockedBy"]!;
        Assert.Equal((runId, first.Id, "failover", "lb1"),
            ((string?)lockedBy["holder"]!["runId"], (int)lockedBy["holder"]!["pid"]!, (string?)lockedBy["holder"]!["verb"],
                (string?)lockedBy["where"]));
        Assert.InRange((long)lockedBy["expiresInMs"]!, 1, 30_000);
        Assert.EndsWith(" locks", second.Next, StringComparison.Ordinal);
        Assert.Contains($"unlock --confirm {lab.Name}", (string?)second.Outcome["message"], StringComparison.Ordinal);
        // Looking is not changing, and needs no lease.
        await bob.ExpectAsync(0, "failover", "lb1", "lb2", "--dry-run");
        var locks = await bob.RawAsync($"--lab={lab.Name}", "locks");
        Assert.Equal(1, locks.ExitCode);
        Assert.Contains($"pid {first.Id}", locks.Output, StringComparison.Ordinal);

        first.Send(Signal.Continue);
        Assert.Equal(0, (await first.EndAsync()).ExitCode);
        await ExpectNoLockAsync(bob);
    }

    /// <summary>Stopped for longer than its lease lasts: before its first change, or in the middle of them.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    public async Task Failover_StoppedAndTakenOver_ChangesNothingMoreAndSaysSo(bool afterAdd, int exitCode)
    {
        using var alice = await Operator.AtAsync(lab);
        using var bob = Operator.At(alice.Segment);
        alice.Variables["LBCTL_LEASE_TTL"] = "3s";
        using var first = alice.Start("failover", "lb1", "lb2");
        if (afterAdd)
        {
            var add = (await first.ReadUntilAsync("plan"))["steps"]!.AsArray().Select(s => (string?)s!["uses"]).ToList().IndexOf("vip.add");
            await first.ReadUntilAsync("stepFinished", add);
        }
        else
        {
            await first.ReadUntilAsync("run");
        }
        first.Send(Signal.Stop);

        await TakeOverAsync(bob, "failover", "lb1", "lb2");
        // As it was when the first one looked: what it had planned would "work".
        await bob.ExpectAsync(0, "failover", "lb2", "lb1");
        await bob.Segment.ExpectHolderAsync("lb1", "after the second operator");
        var before = await bob.Segment.EverythingAsync();

        first.Send(Signal.Continue);
        var report = await first.EndAsync();

        // On a busy machine it has begun its first change by the time it is stopped: then that is what it says.
        var expected = report.Lines.Any(l => RunReport.TypeOf(l) == "intent") ? 4 : exitCode;
        Assert.True(report.ExitCode == expected, $"expected {expected}: {report}");
        Assert.Contains("lease", (string?)report.Outcome["message"], StringComparison.Ordinal);
        Assert.EndsWith(" locks", report.Next, StringComparison.Ordinal);
        Assert.Equal(before, await bob.Segment.EverythingAsync());
        await ExpectNoLockAsync(bob);
    }

    [Fact]
    public async Task Failover_HolderWasKilledOnThisMachine_GoesAheadAtOnce()
    {
        using var alice = await Operator.AtAsync(lab);
        using var bob = Operator.At(alice.Segment);
        using var first = alice.Start("failover", "lb1", "lb2");
        await first.ReadUntilAsync("run");
        first.Send(Signal.Kill);
        await first.EndAsync();

        var locks = await bob.RawAsync($"--lab={lab.Name}", "locks");
        Assert.Equal(2, locks.ExitCode);
        Assert.Contains("process gone", locks.Output, StringComparison.Ordinal);
        var clock = Stopwatch.StartNew();
        await bob.ExpectAsync(0, "failover", "lb1", "lb2");

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 25);
        await bob.Segment.ExpectHolderAsync("lb2", "after the second operator");
        await ExpectNoLockAsync(bob);
    }

    [Theory]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Terminate)]
    public async Task Failover_Interrupted_GivesTheLeaseBack(int signal)
    {
        using var alice = await Operator.AtAsync(lab);
        using var first = alice.Start("failover", "lb1", "lb2");
        await first.ReadUntilAsync("run");
        first.Send(signal);
        await first.EndAsync();
        await ExpectNoLockAsync(alice);
    }

    [Fact]
    public async Task Unlock_RunIsAlive_IsRefusedUnlessSaidSoAndThenThatRunChangesNothingMore()
    {
        using var alice = await Operator.AtAsync(lab);
        using var bob = Operator.At(alice.Segment);
        using var first = alice.Start("failover", "lb1", "lb2");
        await first.ReadUntilAsync("run");
        first.Send(Signal.Stop);
        var before = await bob.Segment.EverythingAsync();

        Assert.Contains("holder-is-gone", (await bob.ExpectAsync(3, "unlock", "--confirm", lab.Name)).Guards);
        // No terminal and no name: nothing is taken away.
        Assert.Equal(64, (await bob.RunAsync("unlock", "--although-alive")).ExitCode);
        await bob.ExpectAsync(0, "unlock", "--although-alive", "--confirm", lab.Name);
        Assert.Equal("unlock", (string?)(await bob.ExpectAsync(0, "history")).Lines[0]["verb"]);
        // It is no run that an undo could mean.
        Assert.Equal(64, (await bob.RunAsync("undo")).ExitCode);
        await ExpectNoLockAsync(bob);

        first.Send(Signal.Continue);
        var report = await first.EndAsync();

        Assert.True(report.ExitCode == 1, report.ToString());
        // The node's own check or the next renewal, whichever comes first: both end with who did it.
        Assert.Contains("lease", (string?)report.Outcome["message"], StringComparison.Ordinal);
        Assert.Contains("lbctl unlock", report.Output, StringComparison.Ordinal);
        Assert.Equal(before, await bob.Segment.EverythingAsync());
        await bob.ExpectAsync(0, "unlock", "--confirm", lab.Name);
    }

    /// <summary>A node that has no room for a lease is warned about, and stops nobody.</summary>
    [Theory]
    [InlineData("head -c 100000 /dev/zero >/run/lbctl-lease/fill; true", "No space left")]
    [InlineData("mount -o remount,ro /run/lbctl-lease", "lbctl-lease")]
    public async Task Failover_NodeHasNoRoomForALease_WarnsAndGoesOn(string how, string why)
    {
        using var alice = await Operator.AtAsync(lab);
        try
        {
            var made = await lab.ExecAsync("lb2", "sh", "-c",
                $"mkdir -p /run/lbctl-lease && mount -t tmpfs -o size=8k,mode=0770 lease /run/lbctl-lease && {{ {how}; }}");
            Assert.True(made.Ok, made.Error);
            var report = await alice.ExpectAsync(0, "failover", "lb1", "lb2");
            var warning = Assert.Single(report.Lines.Single(l => RunReport.TypeOf(l) == "plan")["warnings"]!.AsArray(),
                w => ((string?)w)!.Contains("the lease is held on 1 of 2 nodes", StringComparison.Ordinal));
            Assert.Contains(why, (string?)warning, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("not this run's", report.Output, StringComparison.Ordinal);
        }
        finally
        {
            await lab.ExecAsync("lb2", "umount", "/run/lbctl-lease");
        }
        await ExpectNoLockAsync(alice);
    }

    private async Task ExpectNoLockAsync(Operator who)
    {
        var locks = await who.RawAsync($"--lab={lab.Name}", "locks");
        Assert.True(locks.ExitCode == 0, $"a lock was left: {locks.Output}{locks.Error}");
    }

    /// <summary>Locked out as long as the other one's lease lasts, and not longer.</summary>
    private static async Task TakeOverAsync(Operator who, params string[] command)
    {
        var report = await Poll.UntilAsync(() => who.RunAsync(command), r => r.ExitCode != 6, r => r.ToString(), seconds: 30);
        Assert.True(report.ExitCode == 0, report.ToString());
    }
}
