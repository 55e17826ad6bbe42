using System.Net.Sockets;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;
using static LbRunbook.SystemTests.Haproxy.HaproxyDaemon;

namespace LbRunbook.SystemTests.Haproxy;

/// <summary>What the running process was started with counts more than what is configured or usual.</summary>
public sealed class HaproxyProcessTests
{
    [Fact]
    public async Task Read_MasterSocketIsElsewhere_SessionsOfTheOldWorkerAreCounted()
    {
        await using var daemon = await StartAsync();
        // As the package has it: -S /run/haproxy-master.sock, and not the path that is recommended.
        var node = daemon.Node with { Haproxy = daemon.Node.Haproxy with { MasterSocket = "/run/haproxy/master.sock" } };
        using var client = await SlowClientAsync(daemon);

        daemon.Reload();

        await daemon.UntilAsync(s => s.OldWorkers.Count == 1);
        var state = await daemon.At(node).ReadAsync(Cancellation);
        Assert.Equal(1, state.Servers.Sum(s => s.CurrentSessions));
        Assert.All(state.Servers, s => Assert.Null(s.MoreSessions));
    }

    [Fact]
    public async Task Read_MasterIsNotToBeAsked_SessionsOfTheOldWorkerAreNotKnown()
    {
        await using var daemon = await StartAsync();
        var node = daemon.Node with { Haproxy = daemon.Node.Haproxy with { MasterSocket = null } };
        // Whoever sees all processes sees that there is no old worker.
        var before = await daemon.At(node).ReadAsync(Cancellation);
        Assert.All(before.Servers, s => Assert.Null(s.MoreSessions));
        using var client = await SlowClientAsync(daemon);

        daemon.Reload();

        var old = (await daemon.UntilAsync(s => s.OldWorkers.Count == 1)).OldWorkers;
        var state = await daemon.At(node).ReadAsync(Cancellation);
        Assert.Equal(old, state.OldWorkers);
        Assert.All(state.Servers, s => Assert.Contains($"pid {old[0]}", s.MoreSessions, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_NoMasterAtAll_TheOldProcessIsSeen()
    {
        string[] Words(HaproxyDaemon d) => ["/usr/sbin/haproxy", "-D", "-f", d.ConfigPath, "-p", d.PidFile];
        await using var daemon = await StartAsync(words: Words);
        using var client = await SlowClientAsync(daemon);
        var old = (await daemon.ReadAsync()).Pid;

        await RunAsync([.. Words(daemon), "-sf", $"{old}"]);

        var state = await daemon.UntilAsync(s => s.Pid != old && s.OldWorkers.Count == 1);
        Assert.Equal([old], state.OldWorkers);
        Assert.All(state.Servers, s => Assert.NotNull(s.MoreSessions));
        client.Close();
        Assert.All((await daemon.UntilAsync(s => s.OldWorkers.Count == 0)).Servers, s => Assert.Null(s.MoreSessions));
    }

    [Fact]
    public async Task Read_SocketIsElsewhere_TheOneOfTheConfigurationIsAsked()
    {
        await using var daemon = await StartAsync();
        var node = daemon.Node with { Haproxy = daemon.Node.Haproxy with { Socket = "/nonexistent/admin.sock" } };

        Assert.True((await daemon.At(node).ReadAsync(Cancellation)).Answers);
        await daemon.At(node).SetStateAsync(new("web_backend", "web1"), AdminState.Maint, Cancellation);

        Assert.Equal(AdminState.Maint, Of(await daemon.ReadAsync(), "web1").Admin);
    }

    [Fact]
    public async Task TestConfiguration_SecondFolderAndEnvironment_IsThatOfTheProcess()
    {
        await using var daemon = await StartAsync(words: Split);

        // The node's configuration names the first file alone, in which there is no such backend.
        Assert.Null(await daemon.Balancer.TestConfigurationAsync(Cancellation));
        await File.AppendAllTextAsync(InFolder(daemon), "nonsense\n", Cancellation);

        var error = await daemon.Balancer.TestConfigurationAsync(Cancellation);
        Assert.Contains("nonsense", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteLine_PoolStandsInASecondFolder_IsWrittenThereAndOldMessagesDoNotForbidIt()
    {
        await using var daemon = await StartAsync(words: Split);
        var server = new NewServer(new("web_backend", "extra"), "127.0.0.1:9", 5, 5, "check");

        await daemon.Balancer.Members.WriteLineAsync(server, Cancellation);

        Assert.Contains("server extra 127.0.0.1:9", await File.ReadAllTextAsync(InFolder(daemon), Cancellation), StringComparison.Ordinal);
        // From now on its test fails, whatever is changed.
        await File.AppendAllTextAsync(daemon.ConfigPath, "frontend broken\n    bind 127.0.0.1:1\n    nonsense\n", Cancellation);
        await daemon.Balancer.Members.EraseLineAsync(server.Name, Cancellation);
        Assert.DoesNotContain("server extra", await File.ReadAllTextAsync(InFolder(daemon), Cancellation), StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<AdapterException>(() =>
            daemon.Balancer.Members.WriteLineAsync(server with { Options = "no-such-word" }, Cancellation));
        Assert.Contains("no-such-word", refused.Message, StringComparison.Ordinal);
    }

    private static string InFolder(HaproxyDaemon daemon) => Path.Combine(daemon.Folder, "conf.d/web.cfg");

    /// <summary>The backend in a file of a folder, with a port out of the environment, which has a secret as well.</summary>
    private static string[] Split(HaproxyDaemon daemon)
    {
        var text = File.ReadAllText(daemon.ConfigPath);
        var at = text.IndexOf("\nbackend web_backend\n", StringComparison.Ordinal) + 1;
        Directory.CreateDirectory(Path.GetDirectoryName(InFolder(daemon))!);
        File.WriteAllText(daemon.ConfigPath, text[..at]);
        File.WriteAllText(InFolder(daemon),
            text[at..].Replace($"127.0.0.1:{daemon.Alive.Port}", "127.0.0.1:\"${APP_PORT}\"", StringComparison.Ordinal));
        return ["env", $"APP_PORT={daemon.Alive.Port}", "APP_SECRET=hidden", "/usr/sbin/haproxy", "-W", "-D",
            "-S", Path.Combine(daemon.Folder, "master.sock"), "-f", daemon.ConfigPath, "-f", Path.GetDirectoryName(InFolder(daemon))!,
            "-p", daemon.PidFile];
    }

    /// <summary>A request that is not over: its session lasts until the client goes.</summary>
    private static async Task<TcpClient> SlowClientAsync(HaproxyDaemon daemon)
    {
        var client = new TcpClient("127.0.0.1", daemon.FrontendPort);
        await client.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345"u8.ToArray(), Cancellation);
        await daemon.UntilAsync(s => s.Servers.Sum(x => x.CurrentSessions) == 1);
        return client;
    }
}
