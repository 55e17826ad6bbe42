using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.SystemTests.Support;
using LbRunbook.TestKit.Ssh;
using Xunit;

namespace LbRunbook.SystemTests.Haproxy;

/// <summary>A real HAProxy in master-worker mode with its own sockets, on loopback.</summary>
internal sealed class HaproxyDaemon : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalShell _shell = new();
    private int _master;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;
    public LoopbackBackend Alive { get; } = new();
    public int FrontendPort { get; } = LoopbackBackend.FreePort();
    public string ConfigPath => _folder["h.cfg"];
    public IBalancer Balancer => At(Node);

    public Node Node => new()
    {
        Name = "lb1",
        Host = "127.0.0.1",
        Proxy = ProxyKind.Haproxy,
        Haproxy = new() { Socket = _folder["admin.sock"], MasterSocket = _folder["master.sock"], Config = ConfigPath },
    };

    /// <summary>The same HAProxy through its socket of level user.</summary>
    public Node UserNode => Node with { Haproxy = Node.Haproxy with { Socket = _folder["user.sock"] } };

    /// <summary>The same one, spoken to as this node's configuration says.</summary>
    public IBalancer At(Node node) => Balancers.Of(node, _shell);

    public string Folder => Path.GetDirectoryName(ConfigPath)!;
    public string PidFile => _folder["pid"];

    /// <param name="more">Further sections; null = none.</param>
    /// <param name="words">What is run, from its first word; by default HAProxy with a master and its one file.</param>
    public static async Task<HaproxyDaemon> StartAsync(
        Func<HaproxyDaemon, string>? more = null, Func<HaproxyDaemon, string[]>? words = null)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/haproxy"), "haproxy is not installed");
        var daemon = new HaproxyDaemon();
        daemon._folder.Write("h.cfg", daemon.Configuration() + more?.Invoke(daemon));
        await RunAsync(words?.Invoke(daemon)
            ?? ["/usr/sbin/haproxy", "-W", "-D", "-S", daemon._folder["master.sock"], "-f", daemon.ConfigPath, "-p", daemon.PidFile]);
        daemon._master = int.Parse(await File.ReadAllTextAsync(daemon._folder["pid"], Cancellation));
        // No note: the master answers, too. Before, a signal to it may be lost.
        await daemon.UntilAsync(s => s.Answers && s.Notes.Count == 0 && Of(s, "web1").Status == "UP" && Of(s, "dead").Status == "DOWN");
        return daemon;
    }

    public static ServerState Of(ProxyState state, string server) =>
        state.Servers.Single(s => s.Pool == "web_backend" && s.Server == server);

    public Task<ProxyState> ReadAsync() => Balancer.ReadAsync(Cancellation);

    public Task<ProxyState> UntilAsync(Func<ProxyState, bool> condition) =>
        Poll.UntilAsync(ReadAsync, condition,
            s => $"{s.Error} old {string.Join(',', s.OldWorkers)} notes {string.Join(',', s.Notes)} {string.Join('\n', s.Servers)}");

    /// <summary>A command to the admin socket, past the code under test.</summary>
    public Task<string> SayAsync(string command) =>
        _shell.ExchangeAsync(new("lb1", "127.0.0.1", new()), _folder["admin.sock"], command + "\n", TimeSpan.FromSeconds(5), Cancellation);

    public static async Task RunAsync(IReadOnlyList<string> words)
    {
        var started = await ChildProcess.RunAsync(new(words[0], [.. words.Skip(1)]), Cancellation);
        Assert.True(started.Ok, started.Error);
    }

    public async Task StopAsync()
    {
        var worker = (await ReadAsync()).Pid;
        foreach (var pid in (int[])[_master, worker])
        {
            Signal.Send(pid, Signal.Kill);
            await Poll.UntilAsync(() => Task.FromResult(Signal.Exists(pid)), exists => !exists, _ => "haproxy still runs");
        }
        _master = 0;
    }

    public void Reload() => Assert.True(Signal.Send(_master, 12), "the master is gone");

    public async ValueTask DisposeAsync()
    {
        // The whole group: an old worker would outlive its master, and a stopped one hears no TERM.
        var state = await Balancer.ReadAsync(CancellationToken.None);
        foreach (var pid in (int[])[_master, state.Pid, .. state.OldWorkers])
        {
            if (pid > 0)
                Signal.Send(pid, Signal.Kill);
        }
        await Alive.DisposeAsync();
        _folder.Dispose();
    }

    private string Configuration() => $"""
        global
            stats socket {_folder["admin.sock"]} mode 600 level admin
            stats socket {_folder["user.sock"]} mode 600 level user
        defaults
            mode http
            timeout connect 1s
            timeout client 60s
            timeout server 60s
        frontend public
            bind 127.0.0.1:{FrontendPort}
            default_backend web_backend
        frontend closing
            bind 127.0.0.1:{LoopbackBackend.FreePort()}
            default_backend web_backend
        backend web_backend
            option httpchk GET /health
            default-server inter 200ms fall 3 rise 2
            server web1 127.0.0.1:{Alive.Port} check weight 10
            server web2 127.0.0.1:{Alive.Port} check weight 20
            server spare 127.0.0.1:{Alive.Port} check backup
            server dead 127.0.0.1:{LoopbackBackend.FreePort()} check
            server off 127.0.0.1:{Alive.Port} check disabled
            server unchecked 127.0.0.1:{Alive.Port}
            server follows 127.0.0.1:{Alive.Port} track web_backend/web1

        """;
}
