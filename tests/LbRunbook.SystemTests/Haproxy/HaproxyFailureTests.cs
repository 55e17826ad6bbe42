using System.Diagnostics;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Ports;
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
        await daemon.StopAsync();

        var state = await daemon.At(node).ReadAsync(Cancellation);

        Assert.False(state.Answers);
        Assert.StartsWith("admin socket /nonexistent/admin.sock: ", state.Error);
    }

    [Fact]
    public async Task Read_OtherMasterSocketIsConfigured_TheOneOfTheProcessIsAsked()
    {
        await using var daemon = await StartAsync();
        var node = daemon.Node with { Haproxy = daemon.Node.Haproxy with { MasterSocket = "/nonexistent/master.sock" } };

        var state = await daemon.At(node).ReadAsync(Cancellation);

        Assert.True(state.Answers);
        Assert.Empty(state.Notes);
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
    public async Task TestConfiguration_NoSuchBinary_IsTestedByTheOneThatRunsElseNotAtAll()
    {
        await using var daemon = await StartAsync();
        var node = daemon.Node with { Haproxy = daemon.Node.Haproxy with { Binary = "no-such-haproxy" } };

        Assert.Null(await daemon.At(node).TestConfigurationAsync(Cancellation));
        await daemon.StopAsync();
        var notRun = await Assert.ThrowsAsync<AdapterException>(() => daemon.At(node).TestConfigurationAsync(Cancellation));
        Assert.Contains("could not be run", notRun.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-haproxy", notRun.Message, StringComparison.Ordinal);
    }
}
