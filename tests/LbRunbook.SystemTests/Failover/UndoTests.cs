using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

[Collection(SharedLab.Name)]
public sealed class UndoTests(LabFixture lab) : IAsyncDisposable
{
    [Fact]
    public async Task Undo_TargetProxyWasStoppedAndDisabled_EverythingIsAsBefore()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.SystemctlAsync("lb2", "disable", "--now", "haproxy");
        var before = await SnapshotAsync(op);
        Assert.Contains("lb2 haproxy: inactive, disabled", before, StringComparison.Ordinal);

        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
        Assert.Contains("lb2 haproxy: active, enabled", await SnapshotAsync(op), StringComparison.Ordinal);

        var undo = await op.ExpectAsync(0, "undo");
        Assert.Equal("done", undo.Result);
        Assert.Equal(before, await SnapshotAsync(op));
        await op.Segment.ExpectServedByAsync("lb1", "after the undo");

        var again = await op.ExpectAsync(3, "undo", done.RunId!);
        Assert.Equal(["not-undone-yet"], again.Guards);
        Assert.Contains(undo.RunId!, (string?)again.Refusal("not-undone-yet")["reason"], StringComparison.Ordinal);
        Assert.Equal(before, await SnapshotAsync(op));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Undo_FailoverHealedADuplicate_LeavesOneHolder(bool emergency)
    {
        using var op = await Operator.AtAsync(lab);
        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        Assert.True((await lab.ExecAsync("lb1", "ip", "addr", "add", $"{op.Segment.Addresses.VipV4}/32", "dev", "eth0")).Ok);

        await op.ExpectAsync(0, ["failover", "lb1", "lb2", .. emergency ? (string[])["--emergency"] : []]);
        await op.Segment.ExpectHolderAsync("lb2", "after the failover that healed it");
        var undo = await op.RawAsync(lab.Option, "undo");
        Assert.Equal(0, undo.ExitCode);
        Assert.Contains("public was on more than one node, and is not put back on lb1", undo.Output + undo.Error, StringComparison.Ordinal);
        await op.Segment.ExpectHolderAsync("lb2", "after its undo");
        await op.Segment.ExpectServedByAsync("lb2", "after its undo");
    }

    [Fact]
    public async Task Undo_NothingWasDone_SaysSo()
    {
        using var op = await Operator.AtAsync(lab);
        var nothing = await op.ExpectAsync(64, "undo");
        Assert.Contains("nothing to take back", (string?)nothing.Outcome["message"], StringComparison.Ordinal);
        var unknown = await op.ExpectAsync(64, "undo", "20260102-030405-failover-7f3a");
        Assert.Equal($"lbctl --lab={lab.Name} history", unknown.Next);
    }

    [Fact]
    public async Task Undo_OldProxyIsStillDead_RefusesUntilItAnswers()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("proxy-kill", "lb1");
        await op.ExpectAsync(0, "failover", "lb1", "lb2");

        var refused = await op.ExpectAsync(3, "undo");
        Assert.Contains("the address would lead nowhere", (string?)refused.Outcome["message"], StringComparison.Ordinal);
        await op.Segment.ExpectHolderAsync("lb2", "after the refused undo");

        await lab.HealAsync();
        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
        await op.Segment.ExpectServedByAsync("lb1", "after the undo");
    }

    public async ValueTask DisposeAsync()
    {
        if (LabNames.WhyNoLab() is not null)
            return;
        await lab.HealAsync();
        await lab.SystemctlAsync("lb2", "enable", "--now", "haproxy");
    }

    private async Task<string> SnapshotAsync(Operator op) =>
        $"{await op.Segment.EverythingAsync()}\nlb1 haproxy: {await lab.ProxyStateAsync("lb1")}\nlb2 haproxy: "
            + $"{await lab.ProxyStateAsync("lb2")}";
}

/// <summary>It counts every request.</summary>
[CountsRequests]
[Collection(TrafficLab.Name)]
public sealed class UndoUnderTrafficTests(LabFixture lab)
{
    [Fact]
    public async Task Undo_UnderTraffic_ReturnsWithoutAGap()
    {
        using var op = await Operator.AtAsync(lab);
        await op.ExpectAsync(0, "failover", "lb1", "lb2");

        var undo = await op.ExpectAsync(0, "undo");

        Assert.Equal(0, (int?)undo.Outcome["gap"]!["failed"]);
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
        var history = await op.ExpectAsync(0, "history");
        Assert.Equal(["undo", "failover"], history.Lines.Select(l => (string?)l["verb"]));
        Assert.Equal((string?)history.Lines[1]["runId"], (string?)history.Lines[0]["undoes"]);
    }

    /// <summary>The way back is a planned move as well.</summary>
    [Fact]
    public async Task Undo_KeepAliveAndDownloads_NoneIsLost()
    {
        using var op = await Operator.AtAsync(lab);
        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        using var clients = await LoadClients.StartAsync(op.Segment, lab.Addresses.VipV4);

        await op.ExpectAsync(0, "undo");

        var seen = await clients.StopAsync();
        Assert.Equal((0, 0), ((int)seen["failed"]!, (int)seen["downloadsBroken"]!));
        Assert.True((int)seen["downloadsComplete"]! >= 5);
        Assert.NotNull(seen["servedBy"]!["lb2"]);
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
        await HandOverTraces.ExpectNoneAsync(lab, "after the undo");
    }
}
