using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>Somebody puts the address back after every step has proven itself: what the run sees last decides.</summary>
[Collection(SharedLab.Name)]
public sealed class LastLookTests(LabFixture lab)
{
    [Fact]
    public async Task Failover_SecondHolderAfterTheProof_IsNotDoneAndItsNextCommandEndsIt()
    {
        using var op = await Operator.AtAsync(lab);
        using var run = op.Start("failover", "lb1", "lb2");
        // One for each address, side by side: the last one in the plan need not be the last one that ends.
        var proofs = (await run.ReadUntilAsync("plan"))["steps"]!.AsArray().Index()
            .Where(s => (string?)s.Item!["uses"] == "vip.answers").Select(s => s.Index).ToHashSet();
        while (proofs.Count > 0)
            proofs.Remove((int)(await run.ReadUntilAsync("stepFinished"))["index"]!);
        await op.Segment.AddAsync("lb1", op.Segment.Addresses.VipV4);
        var report = await run.EndAsync();

        Assert.True(report.ExitCode == 4, report.ToString());
        Assert.Contains("the last look shows that public (", (string?)report.Outcome["message"], StringComparison.Ordinal);
        Assert.Contains("is on lb1 and lb2 at once", (string?)report.Outcome["message"], StringComparison.Ordinal);
        Assert.Equal($"lbctl --lab={lab.Name} resume {report.RunId}", report.Next);
        await op.ExpectAsync(0, "resume", report.RunId!);
        await op.Segment.ExpectHolderAsync("lb2", "after the command that was named");
    }
}
