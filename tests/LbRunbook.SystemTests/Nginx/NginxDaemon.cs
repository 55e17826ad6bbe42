using LbRunbook.Adapters;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.SystemTests.Support;
using LbRunbook.TestKit.Ssh;
using Xunit;

namespace LbRunbook.SystemTests.Nginx;

/// <summary>A real nginx with its own configuration, on loopback.</summary>
internal sealed class NginxDaemon : IAsyncDisposable
{
    private const string Binary = "/usr/sbin/nginx";
    private readonly TemporaryFolder _folder = new();
    private readonly int _status = LoopbackBackend.FreePort();
    private readonly LocalShell _shell = new();

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;
    public LoopbackBackend Alive { get; } = new();
    public int FrontendPort { get; } = LoopbackBackend.FreePort();
    public string Folder => Path.GetDirectoryName(UpstreamsPath)!;
    public int DownPort { get; } = LoopbackBackend.FreePort();
    public string UpstreamsPath => _folder["upstreams.conf"];
    public IBalancer Balancer => At(Node);

    public Node Node => new()
    {
        Name = "lb1",
        Host = "127.0.0.1",
        Proxy = ProxyKind.Nginx,
        Nginx = new()
        {
            Config = _folder["nginx.conf"],
            Status = new($"http://127.0.0.1:{_status}/nginx_status"),
            PidFile = _folder["nginx.pid"],
        },
    };

    /// <summary>The same one, spoken to as this node's configuration says.</summary>
    public IBalancer At(Node node) => Balancers.Of(node, _shell);

    /// <param name="words">What it is started with, after the binary; by default its configuration.</param>
    public static async Task<NginxDaemon> StartAsync(Func<NginxDaemon, string[]>? words = null)
    {
        Assert.SkipUnless(File.Exists(Binary), "nginx is not installed");
        var daemon = new NginxDaemon();
        daemon._folder.Write("nginx.conf", daemon.Configuration());
        daemon._folder.Write("upstreams.conf", daemon.Upstreams());
        if (words is null)
            await daemon.RunAsync();
        else
            Assert.True((await ChildProcess.RunAsync(new(Binary, words(daemon)), Cancellation)).Ok);
        await daemon.UntilAsync(s => s.Answers);
        return daemon;
    }

    public static ServerState Of(ProxyState state, string server) => state.Servers.Single(s => s.Server == server);

    public Task<ProxyState> ReadAsync() => Balancer.ReadAsync(Cancellation);

    public Task<ProxyState> UntilAsync(Func<ProxyState, bool> condition) => Poll.UntilAsync(ReadAsync, condition, s =>
        $"{s.Error} pid {s.Pid} old {string.Join(',', s.OldWorkers)} notes {string.Join(',', s.Notes)} {string.Join('\n', s.Servers)}");

    public Task ReloadAsync() => RunAsync("-s", "reload");

    public async Task StopAsync()
    {
        await RunAsync("-s", "stop");
        await UntilAsync(s => s.Pid == 0);
    }

    public async ValueTask DisposeAsync()
    {
        var state = await Balancer.ReadAsync(CancellationToken.None);
        if (state.Pid > 0)
        {
            Signal.Send(state.Pid, Signal.Terminate);
            await Poll.UntilAsync(() => Task.FromResult(Signal.Exists(state.Pid)), exists => !exists, _ => "nginx still runs");
        }
        await Alive.DisposeAsync();
        _folder.Dispose();
    }

    private async Task RunAsync(params string[] arguments)
    {
        var result = await ChildProcess.RunAsync(new(Binary, ["-c", _folder["nginx.conf"], .. arguments]), Cancellation);
        Assert.True(result.Ok, result.Error);
    }

    private string Configuration() => $$"""
        pid {{_folder["nginx.pid"]}};
        error_log {{_folder["error.log"]}};
        worker_processes 2;
        events { worker_connections 64; }
        http {
            access_log off;
            # upstream ghost { server 192.0.2.1; }
            include upstream*.conf;
            server { listen 127.0.0.1:{{FrontendPort}}; location / { proxy_pass http://web_upstream; proxy_http_version 1.1; proxy_set_header Connection ""; } }
            server { listen 127.0.0.1:{{_status}}; location = /nginx_status { stub_status; } location = /other { return 200 "hello"; } }
        }
        """;

    private string Upstreams() => $$"""
        upstream web_upstream {
            zone web 64k;
            keepalive 4;
            server 127.0.0.1:{{Alive.Port}} weight=3 max_fails=2; # server 192.0.2.2;
            server 127.0.0.1:{{DownPort}} down; server "127.0.0.2:{{DownPort}}" weight=2 backup;
        }
        """;
}
