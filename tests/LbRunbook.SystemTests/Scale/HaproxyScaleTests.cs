using LbRunbook.SystemTests.Backends;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Scale;

/// <summary>Emergency backends into two real HAProxys and out again.</summary>
public sealed class HaproxyScaleTests(HaproxyScaleLab lab) : IClassFixture<HaproxyScaleLab>
{
    private readonly BackendState _state = new(lab);

    [Fact]
    public async Task OutReloadIn_UnderTraffic_NoRequestFailsAndEverythingIsAsBefore()
    {
        using var op = await Operator.AtAsync(lab);
        var before = await _state.ReadAsync();
        using var probe = await LiveProbe.StartAsync(op.Segment, lab.Addresses.VipV4, path: "/whoami");

        var report = await op.ExpectAsync(0, "scale-out", "--warm-up", "3s");
        Assert.Contains("capacity of web on lb1: before 3 servers, weight 300, after 4 servers, weight 400", report.Output,
            StringComparison.Ordinal);
        var added = await _state.ReadAsync();
        Assert.Equal(2, added.Split("srv_name=spare1").Length - 1);
        Assert.Equal(2, added.Split("server spare1 ").Length - 1);

        // Its line and its state outlive a reload.
        await lab.SystemctlAsync("lb1", "reload", "haproxy");
        await Poll.UntilAsync(_state.ReadAsync, s => s == added, s => s);
        var served = await RequestsAsync();
        await Poll.UntilAsync(RequestsAsync, now => now > served + 10, now => $"{now - served} requests reached spare1");

        await op.ExpectAsync(0, "scale-in", "--for", "20s");
        await Poll.UntilAsync(_state.ReadAsync, s => s == before, s => s);
        Assert.DoesNotContain("spare1", await _state.KeptAsync("lb1"), StringComparison.Ordinal);
        Assert.Empty((await probe.StopAsync()).Failures);
    }

    [Fact]
    public async Task Out_NeverHealthy_ReachesNoProxyAndUndoStopsIt()
    {
        using var op = await Operator.AtAsync(lab);
        var before = await _state.ReadAsync();
        await lab.ExecAsync("spare1", "sed", "-i", "s/return 200 \"OK/return 503 \"no/", "/etc/lab/backend.conf");
        try
        {
            var failed = await op.ExpectAsync(4, "scale-out", "--wait", "3s");
            Assert.Contains("503", failed.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("srv_name=spare1", await _state.ReadAsync(), StringComparison.Ordinal);
            await op.ExpectAsync(0, "undo");
        }
        finally
        {
            await lab.ExecAsync("spare1", "sed", "-i", "s/return 503 \"no/return 200 \"OK/", "/etc/lab/backend.conf");
        }
        await Poll.UntilAsync(_state.ReadAsync, s => s == before, s => s);
    }

    [Fact]
    public async Task Out_OneProxyDead_AddsToTheOtherAndResumeFinishes()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("proxy-kill", "lb2");
        try
        {
            var partial = await op.ExpectAsync(4, "scale-out", "--warm-up", "0s", "--wait", "5s");
            Assert.Contains("resume", partial.Next, StringComparison.Ordinal);
            Assert.Contains("spare1", await _state.SayAsync("lb1", "show servers state web"), StringComparison.Ordinal);
        }
        finally
        {
            await lab.HealAsync();
        }
        await op.ExpectAsync(0, "resume");
        Assert.Contains("spare1", await _state.SayAsync("lb2", "show servers state web"), StringComparison.Ordinal);
        await op.ExpectAsync(0, "undo");
        Assert.DoesNotContain("server spare1", await _state.ReadAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("srv_name=spare1", await _state.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Out_ConfigurationFailsItsTestAlready_KeepsItsFaultAndGetsTheLine()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.ExecAsync("lb2", "sh", "-c", "echo nonsense >>/etc/haproxy/haproxy.cfg");
        try
        {
            await op.ExpectAsync(0, "scale-out", "--warm-up", "0s");
            var text = await _state.OutputAsync("lb2", "cat", "/etc/haproxy/haproxy.cfg");
            Assert.Contains("spare1", text, StringComparison.Ordinal);
            Assert.Contains("nonsense\n", text, StringComparison.Ordinal);
            Assert.Equal("", (await _state.OutputAsync("lb2", "sh", "-c", "ls -A /etc/haproxy | grep lbctl-new")).Trim());
        }
        finally
        {
            await lab.ExecAsync("lb2", "sed", "-i", "/^nonsense$/d", "/etc/haproxy/haproxy.cfg");
        }
        await op.ExpectAsync(0, "undo");
    }

    /// <summary>As ops with the rules of config/sudoers.d/lbctl: the socket is open to it, the configuration is not.</summary>
    [Fact]
    public async Task Out_LoginIsNotRoot_AddsUntilTheReloadAndSaysTheLine()
    {
        using var op = await Operator.AtAsync(lab);
        var before = await _state.ReadAsync();
        var yaml = await File.ReadAllTextAsync(lab.Config, TestContext.Current.CancellationToken);
        op.Config = op.Write("ops.yaml",
            yaml.Replace("ssh:\n  user: root\n", "ssh:\n  user: ops\n  sudo: true\n", StringComparison.Ordinal));
        var report = await op.ExpectAsync(0, "scale-out", "--warm-up", "0s");
        Assert.Contains($"server spare1 {lab.AddressOf("spare1")}:8080 check inter 1s fall 3 rise 2 weight", report.Output,
            StringComparison.Ordinal);
        Assert.Contains("# lbctl scale-out", report.Output, StringComparison.Ordinal);
        var now = await _state.ReadAsync();
        Assert.Contains("srv_name=spare1", now, StringComparison.Ordinal);
        Assert.DoesNotContain("server spare1", now, StringComparison.Ordinal);
        await op.ExpectAsync(0, "scale-in", "--for", "20s");
        await Poll.UntilAsync(_state.ReadAsync, s => s == before, s => $"{s}\nexpected:\n{before}");
    }

    private async Task<long> RequestsAsync() => (await _state.SayAsync("lb1", "show stat")).Split('\n').Select(l => l.Split(','))
        .Where(f => f.Length > 20 && f[1] == "spare1").Select(f => long.Parse(f[7], System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
