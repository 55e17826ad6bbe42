using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>FROM is dead, half dead or silent.</summary>
[Collection(SharedLab.Name)]
public sealed class EmergencyFailoverTests(LabFixture lab, ITestOutputHelper output) : IAsyncDisposable
{
    /// <summary>No measurement but a sanity check: the numbers are in the test's output.</summary>
    private static readonly TimeSpan FarTooLong = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("proxy-kill")]
    [InlineData("host-freeze")]
    public async Task Failover_HolderIsDead_OtherNodeServes(string fault)
    {
        using var op = await Operator.AtAsync(lab);
        using var probe = await LiveProbe.StartAsync(op.Segment, lab.Addresses.VipV4, rps: 50);
        await lab.BreakAsync(fault, "lb1");

        var start = TimeProvider.System.GetUtcNow();
        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");

        await op.Segment.ExpectServedByAsync("lb2", $"after {fault}");
        var seen = await probe.StopAsync();
        Assert.True(seen.LongestOutage is { Recovered: true }, "the client saw no outage that ended");
        var outage = seen.LongestOutage.EndedAt - start;
        output.WriteLine($"{fault}: the client was served again {outage.TotalMilliseconds:0} ms after the command's start; lbctl took "
            + $"{done.Outcome["durationMs"]} ms");
        Assert.InRange(outage, TimeSpan.Zero, FarTooLong);
        // A frozen host keeps the address in its kernel; nobody hears of it.
        if (fault == "proxy-kill")
            await op.Segment.ExpectHolderAsync("lb2", $"after {fault}");
        else
            Assert.Contains(done.Lines[0]["warnings"]!.AsArray(),
                w => ((string)w!).Contains("lb1 still has its address configured", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failover_FrozenHolderComesBack_SameCommandEndsTheSplit()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("host-freeze", "lb1");
        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await lab.HealAsync();
        Assert.Equal("v4 on lb1+lb2, v6 on lb1+lb2", await op.Segment.HoldersAsync());

        await op.ExpectAsync(0, "failover", "lb1", "lb2");

        await op.Segment.ExpectHolderAsync("lb2", "after the same command");
        await op.Segment.ExpectServedByAsync("lb2", "after the same command");
    }

    [Fact]
    public async Task Failover_OnlySshToHolderIsCut_RefusesUntilSplitBrainIsAccepted()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("ssh-cut", "lb1");
        var before = await op.Segment.EverythingAsync();

        var refused = await op.ExpectAsync(3, "failover", "lb1", "lb2");

        Assert.Equal(["holder-silent"], refused.Guards);
        Assert.Equal("--accept-split-brain", (string?)refused.Refusal("holder-silent")["override"]);
        Assert.Contains("answers ARP", (string?)refused.Refusal("holder-silent")["reason"], StringComparison.Ordinal);
        Assert.Equal(before, await op.Segment.EverythingAsync());
        Assert.Empty(op.JournalFiles());

        var human = await op.RawAsync(lab.Option, "failover", "lb1", "lb2");
        Assert.Equal(3, human.ExitCode);
        Assert.Contains("--accept-split-brain", human.Output + human.Error, StringComparison.Ordinal);

        var accepted = await op.RunAsync("failover", "lb1", "lb2", "--accept-split-brain");
        // lb1 keeps answering, so the proof that only lb2 does may rightly fail: said, never hidden.
        Assert.True(accepted.ExitCode is 0 or 4, accepted.ToString());
        Assert.Equal("v4 on lb1+lb2, v6 on lb1+lb2", await op.Segment.HoldersAsync());
        Assert.NotEmpty(op.JournalFiles());
    }

    public async ValueTask DisposeAsync()
    {
        if (LabNames.WhyNoLab() is null)
            await lab.HealAsync();
    }
}
