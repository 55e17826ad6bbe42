using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>lb1 lives and serves, and SSH does not reach it: what may happen then, and what may not.</summary>
[Collection(SharedLab.Name)]
public sealed class FencingTests(LabFixture lab, ITestOutputHelper output) : IAsyncDisposable
{
    [Fact]
    public async Task Failover_AgentPowersItOff_MovesAndOneHolderIsLeft()
    {
        using var op = await Operator.AtAsync(lab);
        await using var fenced = new FencedLab(op, lab);
        var config = fenced.ConfigWith($"{{command: [{fenced.Agent($"exec {Lbctl.Binary} lab break host-kill \"$1\" --name {lab.Name}")}, "
            + $"'{{node}}'], timeout: 30s}}");
        await lab.BreakAsync("ssh-cut", "lb1");
        var before = await op.Segment.EverythingAsync();

        // Shown, and not run.
        var dry = await fenced.FailoverAsync(config, "--dry-run");
        Assert.Contains("\"uses\":\"node.fence\"", dry.Output, StringComparison.Ordinal);
        Assert.Equal(before, await op.Segment.EverythingAsync());
        Assert.Equal("refused", (await fenced.FailoverAsync(config, "--no-fence")).Result);

        var done = await fenced.FailoverAsync(config);

        Assert.True(done.ExitCode == 0, done.ToString());
        output.WriteLine($"fence by agent: {done.Outcome["durationMs"]} ms");
        Assert.Contains(done.Lines,
            l => RunReport.TypeOf(l) == "note" && ((string)l["text"]!).Contains("lb1 is silent", StringComparison.Ordinal));
        await op.Segment.ExpectServedByAsync("lb2", "after the fence");
        Assert.Equal("v4 on lb2, v6 on lb2", await op.Segment.HoldersOfLivingAsync());
        // The machine that is off cannot take the address back: the way on is to look.
        Assert.EndsWith("assess", done.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failover_AgentLies_IsNotConfirmedAndNothingIsAdded()
    {
        using var op = await Operator.AtAsync(lab);
        await using var fenced = new FencedLab(op, lab);
        var config = fenced.ConfigWith($"{{command: [{fenced.Agent("exit 0")}, '{{node}}'], timeout: 3s}}");
        await lab.BreakAsync("ssh-cut", "lb1");
        var before = await op.Segment.EverythingAsync();

        var report = await fenced.FailoverAsync(config);

        Assert.True(report.ExitCode == 4, report.ToString());
        Assert.Contains("not confirmed within", (string?)report.Outcome["message"], StringComparison.Ordinal);
        Assert.Contains("answers for", (string?)report.Outcome["message"], StringComparison.Ordinal);
        Assert.Equal(before, await op.Segment.EverythingAsync());
        await op.Segment.ExpectServedByAsync("lb1", "after a fence that did nothing");
    }

    [Fact]
    public async Task Failover_AgentHangs_EndsWithItsTimeout()
    {
        using var op = await Operator.AtAsync(lab);
        await using var fenced = new FencedLab(op, lab);
        var config = fenced.ConfigWith($"[{{command: [{fenced.Agent("trap '' INT TERM; sleep 300 & wait; sleep 300")}, '{{node}}'], "
            + $"timeout: 2s}}, {{command: [/nonexistent/agent], timeout: 2s}}]");
        await lab.BreakAsync("ssh-cut", "lb1");
        var before = await op.Segment.EverythingAsync();
        var started = TimeProvider.System.GetTimestamp();

        var report = await fenced.FailoverAsync(config);

        Assert.True(report.ExitCode == 4, report.ToString());
        Assert.Contains(report.Lines,
            l => RunReport.TypeOf(l) == "note" && ((string)l["text"]!).Contains("within 2 s", StringComparison.Ordinal));
        Assert.Contains(report.Lines,
            l => RunReport.TypeOf(l) == "note" && ((string)l["text"]!).Contains("cannot run /nonexistent/agent", StringComparison.Ordinal));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(40));
        Assert.Equal(before, await op.Segment.EverythingAsync());
    }

    [Fact]
    public async Task Failover_OtherAddress_TakesItAwayThereAndTheNodeLivesOn()
    {
        using var op = await Operator.AtAsync(lab);
        await using var fenced = new FencedLab(op, lab);
        await fenced.CutMainAddressAsync();
        var config = fenced.ConfigWith($"{{address: {fenced.OtherAddress}, timeout: 15s}}");

        var done = await fenced.FailoverAsync(config);

        Assert.True(done.ExitCode == 0, done.ToString());
        output.WriteLine($"fence over another address: {done.Outcome["durationMs"]} ms");
        await op.Segment.ExpectHolderAsync("lb2", "after the fence over another address");
        await op.Segment.ExpectServedByAsync("lb2", "after the fence over another address");
    }

    [Fact]
    public async Task Failover_OwnLinkIsCut_BlamesItselfAndDoesNothing()
    {
        using var op = await Operator.AtAsync(lab);
        await Lbctl.ExpectAsync(0, "lab", "break", "operator-cut", "--name", lab.Name);
        var before = await op.Segment.EverythingAsync();

        var refused = await op.ExpectAsync(3, "failover", "lb1", "lb2");
        Assert.Equal(["observer-isolated"], refused.Guards);
        Assert.Null(refused.Refusal("observer-isolated")["override"]);
        Assert.Equal(3, (await op.RawAsync(lab.Option, "failover", "lb1", "lb2", "--accept-split-brain")).ExitCode);

        var assessed = await op.RawAsync(lab.Option, "assess");
        Assert.Equal(3, assessed.ExitCode);
        Assert.Contains("ObserverIsolated", assessed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NodeUnreachable", assessed.Output, StringComparison.Ordinal);
        Assert.Equal(before, await op.Segment.EverythingAsync());
        Assert.Empty(op.JournalFiles());
    }

    public async ValueTask DisposeAsync()
    {
        if (LabNames.WhyNoLab() is null)
            await lab.HealAsync();
    }
}
