using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

public sealed class ThreeNodesLab : LabFixture
{
    protected override IReadOnlyList<string> UpOptions => ["--nodes", "3", "--backends", "1"];
}

/// <summary>A cluster is not always a pair: the third node holds a lease, can have an address, and can be the one that is dead.</summary>
public sealed class ThreeNodesTests(ThreeNodesLab lab) : IClassFixture<ThreeNodesLab>
{
    [Fact]
    public async Task Failover_ToTheThird_MovesPastTheSecondAndBack()
    {
        using var op = await Operator.AtAsync(lab);
        await op.ExpectAsync(0, "failover", "lb1", "lb3");
        await op.Segment.ExpectHolderAsync("lb3", "after the failover");
        await op.Segment.ExpectServedByAsync("lb3", "after the failover");
        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
    }

    [Fact]
    public async Task Failover_ThirdIsDead_TwoOfThreeAreEnough()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("host-freeze", "lb3");
        try
        {
            await op.ExpectAsync(0, "failover", "lb1", "lb2");
            await op.Segment.ExpectHolderAsync("lb2", "with lb3 dead");
            await op.ExpectAsync(0, "undo");
            await op.Segment.ExpectServedByAsync("lb1", "after the undo");
        }
        finally
        {
            await lab.HealAsync();
        }
    }

    /// <summary>One of the two addresses is where nobody would look in a pair.</summary>
    [Fact]
    public async Task Failover_ThirdHoldsOneOfTwo_MovesOnlyWhatFromHolds()
    {
        using var op = await Operator.AtAsync(lab);
        await op.Segment.GiveAsync("lb3", lab.Addresses.VipV6);
        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        Assert.Equal("v4 on lb2, v6 on lb3", await op.Segment.HoldersAsync());
        await op.ExpectAsync(0, "undo");
        Assert.Equal("v4 on lb1, v6 on lb3", await op.Segment.HoldersAsync());
    }

    [Fact]
    public async Task Failover_TwoOperatorsToDifferentNodes_OneActs()
    {
        using var op = await Operator.AtAsync(lab);
        using var other = await Operator.AtAsync(lab);

        var both = await Task.WhenAll(op.RunAsync("failover", "lb1", "lb2"), other.RunAsync("failover", "lb1", "lb3"));

        Assert.Equal([0, 6], both.Select(r => r.ExitCode).Order());
        Assert.Contains(await op.Segment.HoldersAsync(), (string[])[LabSegment.BothOn("lb2"), LabSegment.BothOn("lb3")]);
        await (both[0].ExitCode == 0 ? op : other).ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
    }
}
