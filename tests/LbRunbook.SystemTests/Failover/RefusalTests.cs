using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>What must not start does not start: each reason by its name, nothing touched, no journal.</summary>
[Collection(SharedLab.Name)]
public sealed class RefusalTests(LabFixture lab) : IAsyncDisposable
{
    private bool _configurationBroken;

    [Fact]
    public async Task Failover_WrongNames_SaysWhatWasMeant()
    {
        using var op = await Operator.AtAsync(lab);
        await RefusesAsync(op, ["different-nodes"], "lb1", "lb1");

        // By name and by address it is the same node.
        await RefusesAsync(op, ["different-nodes"], "lb1", lab.AddressOf("lb1"));

        var before = await op.Segment.EverythingAsync();
        var unknown = await op.ExpectAsync(64, "failover", "lb1", "lbb2");
        Assert.Contains("did you mean lb2?", (string?)unknown.Outcome["message"], StringComparison.Ordinal);
        Assert.Equal(before, await op.Segment.EverythingAsync());
        Assert.Empty(op.JournalFiles());
    }

    [Fact]
    public async Task Failover_SwappedNodes_NextIsTheRightCommand()
    {
        using var op = await Operator.AtAsync(lab);
        var refused = await RefusesAsync(op, ["source-holds-vip"], "lb2", "lb1");
        Assert.Equal($"lbctl --lab={lab.Name} failover lb1 lb2", refused.Next);
        await op.ExpectAsync(0, ["failover", "lb1", "lb2", "--dry-run"]);
    }

    [Fact]
    public async Task Failover_TargetIsDown_Refuses()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("host-cut", "lb2");
        await RefusesAsync(op, ["target-reachable"], "lb1", "lb2");
    }

    [Fact]
    public async Task Failover_TargetConfigurationIsBroken_RefusesWithItsLine()
    {
        using var op = await Operator.AtAsync(lab);
        await BreakConfigurationAsync();
        var refused = await RefusesAsync(op, ["target-configuration"], "lb1", "lb2");
        Assert.Contains("nonsense", (string?)refused.Refusal("target-configuration")["reason"], StringComparison.Ordinal);
        Assert.Equal("--accept-unhealthy-target", (string?)refused.Refusal("target-configuration")["override"]);
    }

    [Fact]
    public async Task Failover_TargetProxyIsFrozen_Refuses()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("proxy-freeze", "lb2");
        await RefusesAsync(op, ["target-proxy-answers"], "lb1", "lb2");
    }

    [Fact]
    public async Task Failover_SeveralReasons_NamesAllAtOnce()
    {
        using var op = await Operator.AtAsync(lab);
        await BreakConfigurationAsync();
        await lab.BreakAsync("proxy-freeze", "lb2");
        await lab.BreakAsync("ssh-cut", "lb1");
        var refused = await RefusesAsync(op, ["holder-silent", "target-configuration", "target-proxy-answers"], "lb1", "lb2");

        var human = await op.RawAsync(lab.Option, "failover", "lb1", "lb2");
        Assert.Equal(3, human.ExitCode);
        foreach (var guard in refused.Guards)
            Assert.Contains((string)refused.Refusal(guard)["override"]!, human.Output + human.Error, StringComparison.Ordinal);
        Assert.Contains("Next: lbctl ", human.Output + human.Error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (LabNames.WhyNoLab() is not null)
            return;
        await lab.HealAsync();
        if (_configurationBroken)
            await lab.ExecAsync("lb2", "sed", "-i", "/^nonsense$/d", "/etc/haproxy/haproxy.cfg");
    }

    private async Task BreakConfigurationAsync()
    {
        _configurationBroken = true;
        Assert.True((await lab.ExecAsync("lb2", "sh", "-c", "echo nonsense >> /etc/haproxy/haproxy.cfg")).Ok);
    }

    private static async Task<RunReport> RefusesAsync(Operator op, string[] guards, string from, string to)
    {
        var before = await op.Segment.EverythingAsync();
        var refused = await op.ExpectAsync(3, "failover", from, to);
        Assert.Equal("refused", refused.Result);
        Assert.Equal(guards, refused.Guards);
        Assert.Equal(before, await op.Segment.EverythingAsync());
        Assert.Empty(op.JournalFiles());
        return refused;
    }
}
