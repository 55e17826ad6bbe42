using LbRunbook.SystemTests.Failover;
using Xunit;

namespace LbRunbook.SystemTests.Keepalived;

/// <summary>
/// keepalived as sites run it, not as the distribution does: another parent, another file, a language that has to be read.
/// </summary>
public sealed class ForeignKeepalivedTests(KeepalivedLab lab) : IClassFixture<KeepalivedLab>, IAsyncDisposable
{
    private const string Main = "/etc/keepalived/keepalived.conf";

    /// <summary>As a container does on the host's network: another process than init keeps it, and its unit knows nothing of it.</summary>
    [Fact]
    public async Task Failover_AnotherParentAndFile_IsFoundAndMovesThroughIt()
    {
        using var op = await lab.OperatorAsync();
        await OnBothAsync($"systemctl stop keepalived; mkdir -p /opt/ka; mv {Main} /opt/ka/keepalived.conf; "
            + "systemd-run -q --unit=shim sh -c 'keepalived -n -l -f /opt/ka/keepalived.conf; exit'");
        await KeepalivedLab.BecomesAsync(op.Segment, LabSegment.BothOn("lb1"));

        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        // Longer than an election takes: nobody takes it back.
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
        Assert.Contains("# lbctl: was 150", await lab.ShAsync("lb1", "cat /opt/ka/keepalived.conf"), StringComparison.Ordinal);

        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
        Assert.Equal(lab.Written("lb1"), await lab.ShAsync("lb1", "cat /opt/ka/keepalived.conf"));

        var refused = await op.ExpectAsync(3, "failover", "lb1", "lb2", "--emergency");
        Assert.Contains("where it was started", (string?)refused.Refusal("keepalived-supervisor")["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failover_InstancesInIncludesWithParameters_MovesAndPutsBack()
    {
        using var op = await lab.OperatorAsync();
        await OnBothAsync($"mkdir -p /etc/keepalived/conf.d; mv {Main} /etc/keepalived/conf.d/all.conf; "
            + $"printf 'global_defs {{\\n}}\\ninclude ${{_PWD}}/conf.d/*.conf\\n' >{Main}; systemctl restart keepalived");
        await KeepalivedLab.BecomesAsync(op.Segment, LabSegment.BothOn("lb1"));

        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
        Assert.Equal(lab.Written("lb1"), await lab.ShAsync("lb1", "cat /etc/keepalived/conf.d/all.conf"));
    }

    /// <summary>It runs, and its own test has never been content: only what is new counts.</summary>
    [Fact]
    public async Task Failover_ConfigurationThatRunsButFailsItsTest_Moves()
    {
        using var op = await lab.OperatorAsync();
        const string script = "vrrp_script chk {\n script \"/usr/bin/pgrep -x haproxy\"\n interval 2\n weight 2\n}\n";
        await OnBothAsync($"{{ printf '{script.Replace("\n", "\\n", StringComparison.Ordinal)}'; "
            + $"sed 's/advert_int 1/&\\n    track_script {{\\n        chk\\n    }}/' {Main}; }} >/tmp/new; cat /tmp/new >{Main}; "
            + "systemctl reload keepalived");
        Assert.NotEqual("0", (await lab.ShAsync("lb1", "keepalived -t >/dev/null 2>&1; echo $?")).Trim());

        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
    }

    /// <summary>Only the IPv4 address is in the configuration: the other one must not be left in front of a stopped proxy.</summary>
    [Fact]
    public async Task Failover_AddressThatNobodyNamed_IsShownAndNotLeftUnserved()
    {
        using var op = await lab.OperatorAsync();
        op.Config = op.Write("one.yaml", string.Join('\n',
            File.ReadAllLines(lab.Config).Where(l => !l.Contains("public6", StringComparison.Ordinal))));

        var assessed = await op.RawAsync(["--config", op.Config, "assess"]);
        Assert.Contains("VipUndeclared", assessed.Output + assessed.Error, StringComparison.Ordinal);
        var refused = await op.ExpectAsync(3, "failover", "lb1", "lb2", "--stop-proxy");
        Assert.Equal("address-undeclared", (string?)refused.Refusal("address-undeclared")["guard"]);
        await op.ExpectAsync(3, "drain", "lb1");
        var moved = await op.RawAsync(["--config", op.Config, "failover", "lb1", "lb2", "--yes"]);
        Assert.Contains($"{lab.Addresses.VipV6} (not under vips:)", moved.Output + moved.Error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync() => await OnBothAsync(
        "systemctl stop shim 2>/dev/null; pkill -KILL -x keepalived; rm -rf /opt/ka /etc/keepalived/conf.d; "
            + $"touch {Main}; systemctl reset-failed; :");

    private async Task OnBothAsync(string script)
    {
        foreach (var host in (string[])["lb2", "lb1"])
            await lab.ShAsync(host, script);
    }
}
