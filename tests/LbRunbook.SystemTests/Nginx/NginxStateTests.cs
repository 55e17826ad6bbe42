using System.Net.Sockets;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Observations;
using Xunit;
using static LbRunbook.SystemTests.Nginx.NginxDaemon;

namespace LbRunbook.SystemTests.Nginx;

[Collection("nginx on this machine")]
public sealed class NginxStateTests
{
    [Fact]
    public async Task Read_FreshDaemon_TellsProcessAndUpstreams()
    {
        await using var daemon = await StartAsync();

        var state = await daemon.ReadAsync();

        Assert.True(state.Answers, state.Error);
        Assert.True(Signal.Exists(state.Pid));
        Assert.StartsWith("1.", state.Version);
        Assert.InRange(state.Uptime!.Value.TotalSeconds, 0, 60);
        Assert.True(state.CurrentConnections >= 1, "the status request itself is one");
        Assert.Empty(state.OldWorkers);
        Assert.Contains("open-source nginx reports nothing per upstream server", Assert.Single(state.Notes));
        Assert.Equal(
            [($"127.0.0.1:{daemon.Alive.Port}", AdminState.Ready, 3, false), ($"127.0.0.1:{daemon.DownPort}", AdminState.Maint, 1, false),
             ($"127.0.0.2:{daemon.DownPort}", AdminState.Ready, 2, true)],
            state.Servers.Select(s => (s.Server, s.Admin, s.Weight, s.Backup)));
        Assert.All(state.Servers, s => Assert.Equal(("web_upstream", ServerHealth.NoCheck), (s.Pool, s.Health)));
    }

    [Fact]
    public async Task Read_KeptUpstreamConnection_IsCountedForItsServerOnly()
    {
        await using var daemon = await StartAsync();
        Assert.All((await daemon.ReadAsync()).Servers, s => Assert.Equal(0, s.CurrentSessions));
        using var client = new TcpClient("127.0.0.1", daemon.FrontendPort);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Cancellation);

        var state = await daemon.UntilAsync(s => Of(s, $"127.0.0.1:{daemon.Alive.Port}").CurrentSessions == 1);

        Assert.Equal(1, state.Servers.Sum(s => s.CurrentSessions));
        await daemon.ReloadAsync();
        await daemon.UntilAsync(s => s.Servers.Count == 3 && s.Servers.Sum(x => x.CurrentSessions) == 0);
    }

    [Fact]
    public async Task Read_ReloadDuringRequest_ShowsOldWorker()
    {
        await using var daemon = await StartAsync();
        Assert.Empty((await daemon.ReadAsync()).OldWorkers);
        using var client = new TcpClient("127.0.0.1", daemon.FrontendPort);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n"u8.ToArray(), Cancellation);
        await daemon.UntilAsync(s => s.CurrentConnections >= 2);

        await daemon.ReloadAsync();

        var state = await daemon.UntilAsync(s => s.OldWorkers.Count == 1);
        Assert.True(Signal.Exists(state.OldWorkers[0]));
        client.Close();
        await daemon.UntilAsync(s => s.OldWorkers.Count == 0);
    }

    [Fact]
    public async Task Read_CloseFile_TellsForHowLong()
    {
        await using var daemon = await StartAsync();
        var file = daemon.Node.Nginx.PidFile + ".closing";
        var node = daemon.Node with { Nginx = daemon.Node.Nginx with { CloseFile = file } };
        Assert.Null((await daemon.At(node).ReadAsync(Cancellation)).ClosingFor);
        await File.WriteAllTextAsync(file, "", Cancellation);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-5));

        Assert.InRange((await daemon.At(node).ReadAsync(Cancellation)).ClosingFor!.Value.TotalSeconds, 299, 330);
    }

    [Fact]
    public async Task Read_NotRunning_SaysSoAndStillReadsTheFile()
    {
        await using var daemon = await StartAsync();
        await daemon.StopAsync();

        var state = await daemon.ReadAsync();

        Assert.False(state.Answers);
        Assert.StartsWith("nginx does not run: there is no master process", state.Error);
        Assert.Equal(3, state.Servers.Count);
    }

    [Fact]
    public async Task Read_StalePidFileOfAnotherProcess_IsNotBelieved()
    {
        await using var daemon = await StartAsync();
        await daemon.StopAsync();
        await File.WriteAllTextAsync(daemon.Node.Nginx.PidFile, $"{Environment.ProcessId}\n", Cancellation);

        Assert.Equal(0, (await daemon.ReadAsync()).Pid);
    }

    [Fact]
    public async Task Read_StatusPageMissing_KeepsThePidAndNamesTheUrl()
    {
        await using var daemon = await StartAsync();
        var other = new Uri(daemon.Node.Nginx.Status, "/missing");
        var node = daemon.Node with { Nginx = daemon.Node.Nginx with { Status = other } };

        var state = await daemon.At(node).ReadAsync(Cancellation);

        Assert.False(state.Answers);
        Assert.Matches($"^nginx runs \\(pid {state.Pid}\\), but stub_status {other} did not answer: .*404", state.Error);
    }

    [Fact]
    public async Task Read_OtherPageAtTheStatusUrl_IsNotStubStatus()
    {
        await using var daemon = await StartAsync();
        var node = daemon.Node with { Nginx = daemon.Node.Nginx with { Status = new(daemon.Node.Nginx.Status, "/other") } };

        var state = await daemon.At(node).ReadAsync(Cancellation);

        Assert.False(state.Answers);
        Assert.Contains("something else than stub_status", state.Error);
    }

    [Fact]
    public async Task Read_BrokenFileUnderRunningNginx_AnswersAndNotesTheReason()
    {
        await using var daemon = await StartAsync();
        await File.AppendAllTextAsync(daemon.UpstreamsPath, "nonsense;\n", Cancellation);

        var state = await daemon.ReadAsync();

        Assert.True(state.Answers);
        Assert.Empty(state.Servers);
        Assert.Contains("unknown directive \"nonsense\"", Assert.Single(state.Notes));
    }

    [Fact]
    public async Task TestConfiguration_GoodThenBad_PassesThenTellsTheLine()
    {
        await using var daemon = await StartAsync();
        Assert.Null(await daemon.Balancer.TestConfigurationAsync(Cancellation));

        await File.AppendAllTextAsync(daemon.UpstreamsPath, "nonsense;\n", Cancellation);

        Assert.Contains("unknown directive \"nonsense\"", await daemon.Balancer.TestConfigurationAsync(Cancellation));
    }
}
