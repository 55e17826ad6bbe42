using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

[Collection(SharedLab.Name)]
public sealed class ConcurrencyTests(LabFixture lab)
{
    [Fact]
    public async Task Failover_AnotherIsUnderWay_ExitsWithItsHolder()
    {
        using var op = await Operator.AtAsync(lab);
        using var first = op.Start("failover", "lb1", "lb2");
        var runId = (string?)(await first.ReadUntilAsync("run"))["runId"];
        first.Send(Signal.Stop);

        var second = await op.ExpectAsync(6, "failover", "lb1", "lb2");

        Assert.Equal("locked", second.Result);
        Assert.Contains($"run {runId}", (string?)second.Outcome["message"], StringComparison.Ordinal);
        Assert.Contains($"pid {first.Id}", (string?)second.Outcome["message"], StringComparison.Ordinal);
        // Looking is not changing.
        await op.ExpectAsync(0, "failover", "lb1", "lb2", "--dry-run");
        Assert.Equal("running", (string?)Assert.Single((await op.ExpectAsync(0, "history")).Lines)["state"]);

        first.Send(Signal.Continue);
        Assert.Equal(0, (await first.EndAsync()).ExitCode);
        await op.Segment.ExpectHolderAsync("lb2", "after the first went on");
        await op.ExpectAsync(0, "undo");
    }
}
