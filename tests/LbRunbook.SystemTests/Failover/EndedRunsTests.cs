using LbRunbook.SystemTests.Faults;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>What is told of runs that are over: what moved, several that are taken back, one that could not be written down.</summary>
[Collection(SharedLab.Name)]
public sealed class EndedRunsTests(LabFixture lab)
{
    [Fact]
    public async Task Failover_OnlyTheIPv6AddressIsDown_MeasuresThatOne()
    {
        using var op = await Operator.AtAsync(lab);
        // IPv4 is on lb2 already and serves all the time; IPv6 refuses. (One that nobody has would answer late, and maybe not fail at all.)
        await op.Segment.GiveAsync("lb2", lab.Addresses.VipV4);
        await lab.BreakAsync("proxy-kill", "lb1");

        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");

        var gap = Assert.Single(done.Outcome["gaps"]!.AsArray())!;
        Assert.Equal(("public6", "public6"), ((string?)gap["vip"], (string?)done.Outcome["gap"]!["vip"]));
        Assert.Contains($"[{lab.Addresses.VipV6}]", (string?)gap["target"], StringComparison.Ordinal);
        Assert.True((long)gap["failed"]! > 0, "it was down when the run began");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
    }

    [Fact]
    public async Task Undo_LastTwo_AreTakenBackNewestFirst()
    {
        using var op = await Operator.AtAsync(lab);
        var first = await op.ExpectAsync(0, "isolate-backend", "web1");
        var second = await op.ExpectAsync(0, "failover", "lb1", "lb2");

        var undone = await op.ExpectAsync(0, "undo", "--last", "2");

        var ends = undone.Lines.Where(l => RunReport.TypeOf(l) == "outcome").ToList();
        Assert.Equal(["done", "done"], ends.Select(l => (string?)l["result"]));
        await op.Segment.ExpectHolderAsync("lb1", "after both undos");
        var history = await op.ExpectAsync(0, "history");
        Assert.Equal([first.RunId, second.RunId], history.Lines.Select(l => (string?)l["undoes"]).OfType<string>());
        // A part of its name is enough.
        Assert.Equal(first.RunId, (string?)(await op.ExpectAsync(0, "history", first.RunId![^20..])).Lines[^1]["runId"]);
    }

    [Fact]
    public async Task Failover_JournalsDiskFillsUp_IsToldAsDoneAndNotAsKilled()
    {
        using var op = await Operator.AtAsync(lab);
        using var folder = new TemporaryFolder();
        // The beginning fits (it is the plan), the end does not; the lock's file and the log are elsewhere or small.
        await using var disk = await FullDisk.MountAsync(folder["disk"], pages: 4);
        op.Variables["XDG_STATE_HOME"] = disk.Path;
        op.Variables["LBCTL_LOG"] = folder["log"];

        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");

        Assert.Contains(done.Outcome["notes"]!.AsArray(),
            n => ((string)n!).StartsWith("the journal could not be written", StringComparison.Ordinal));
        var told = Assert.Single((await op.ExpectAsync(0, "history")).Lines);
        Assert.Equal(("finished", true, "done"), ((string?)told["state"], (bool)told["journalCut"]!, (string?)told["outcome"]!["result"]));
        var refused = await op.ExpectAsync(3, "undo");
        Assert.Equal(["journal-whole"], refused.Guards);
        Assert.Equal($"lbctl --lab={op.Lab} failover lb2 lb1", refused.Next);
    }
}
