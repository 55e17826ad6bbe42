using System.Diagnostics;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Support;
using Xunit;
using static LbRunbook.SystemTests.Haproxy.HaproxyDaemon;

namespace LbRunbook.SystemTests.Haproxy;

public sealed class HaproxyFailureTests
{
    [Fact]
    public async Task Read_StoppedProcess_ReportsWithinTheBound()
    {
        await using var daemon = await StartAsync();
        var pid = (await daemon.ReadAsync()).Pid;
        StoppedProcess.Stop(pid);
        try
        {
            var clock = Stopwatch.StartNew();
            var state = await daemon.ReadAsync();

            Assert.False(state.Answers);
            Assert.Contains("did not answer within 2s", state.Error);
            Assert.InRange(clock.Elapsed.TotalSeconds, 1.9, 4);
        }
        finally
        {
            Signal.Send(pid, Signal.Continue);
        }
        await daemon.UntilAsync(s => s.Answers);
    }

    [Fact]
    public async Task Read_MissingSocket_NamesIt()
    {
        await using var daemon = await StartAsync();
        var node = daemon.Node with { Haproxy = daemon.Node.Haproxy with { Socket = "/nonexistent/admin.sock" } };

        var state = await daemon.At(node).ReadAsync(Cancellation);

        Assert.False(state.Answers);
        Assert.StartsWith("admin socket /nonexistent/admin.sock: ", state.Error);
    }

    [Fact]
    public async Task Read_MissingMasterSocket_IsOnlyANote()
    {
        await using var daemon = await StartAsync();
        var node = daemon.Node with { Haproxy = daemon.Node.Haproxy with { MasterSocket = "/nonexistent/master.sock" } };

        var state = await daemon.At(node).ReadAsync(Cancellation);

        Assert.True(state.Answers);
        Assert.Contains(state.Notes, n => n.StartsWith("old workers of earlier configurations are not visible", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_SocketOfLevelUser_ReadsAndWarns()
    {
        await using var daemon = await StartAsync();

        var state = await daemon.At(daemon.UserNode).ReadAsync(Cancellation);

        Assert.True(state.Answers);
        Assert.Equal(7, state.Servers.Count);
        Assert.Equal($"127.0.0.1:{daemon.Alive.Port}", Of(state, "web1").Address);
        Assert.Contains(state.Notes, n => n.Contains("has level user"));
    }

    [Fact]
    public async Task TestConfiguration_GoodThenBad_PassesThenTellsTheLine()
    {
        await using var daemon = await StartAsync();
        Assert.Null(await daemon.Balancer.TestConfigurationAsync(Cancellation));

        await File.AppendAllTextAsync(daemon.ConfigPath, "nonsense\n", Cancellation);

        var reason = await daemon.Balancer.TestConfigurationAsync(Cancellation);
        Assert.Contains("unknown keyword 'nonsense'", reason);
        Assert.DoesNotContain("[NOTICE]", reason);
        Assert.InRange(reason!.Length, 1, 300);
    }

    [Fact]
    public async Task TestConfiguration_NoSuchBinary_IsAReason()
    {
        await using var daemon = await StartAsync();
        var node = daemon.Node with { Haproxy = daemon.Node.Haproxy with { Binary = "no-such-haproxy" } };

        Assert.Contains("no-such-haproxy", await daemon.At(node).TestConfigurationAsync(Cancellation));
    }
}
