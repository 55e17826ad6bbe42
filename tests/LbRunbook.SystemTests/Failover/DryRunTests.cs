using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

[Collection(SharedLab.Name)]
public sealed class DryRunTests(LabFixture lab)
{
    [Fact]
    public async Task DryRun_Failover_ShowsThePlanAndChangesNothing()
    {
        using var op = await Operator.AtAsync(lab);
        var before = await op.Segment.EverythingAsync();

        var plain = await op.ExpectAsync(0, "failover", "lb1", "lb2", "--dry-run");
        Assert.Equal("changesPending", plain.Result);
        Assert.Equal("plan", RunReport.TypeOf(plain.Lines[0]));
        Assert.Equal($"lbctl --lab={lab.Name} failover lb1 lb2 --output json", plain.Next);
        await op.ExpectAsync(2, "failover", "lb1", "lb2", "--dry-run", "--detailed-exitcode");

        Assert.Equal(before, await op.Segment.EverythingAsync());
        Assert.Empty(op.JournalFiles());
    }

    [Fact]
    public async Task DryRun_AfterTheFailover_NothingIsPending()
    {
        using var op = await Operator.AtAsync(lab);
        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        var before = await op.Segment.EverythingAsync();

        var same = await op.ExpectAsync(0, "failover", "lb1", "lb2", "--dry-run", "--detailed-exitcode");
        Assert.Equal("alreadySo", same.Result);
        Assert.Equal("changesPending", (await op.ExpectAsync(2, "undo", "--dry-run", "--detailed-exitcode")).Result);

        Assert.Equal(before, await op.Segment.EverythingAsync());
        Assert.Single(op.JournalFiles());
        var again = await op.ExpectAsync(0, "failover", "lb1", "lb2");
        Assert.Equal("alreadySo", again.Result);

        // What only proved that all is well is not what an undo takes back.
        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
    }
}
