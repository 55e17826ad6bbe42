using System.Net;
using System.Net.Sockets;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>
/// A real client and server, with somebody in between who does what sshd does above MaxStartups: accepts, and hangs up.
/// </summary>
public abstract class ThrottledSshContract : IAsyncLifetime
{
    private readonly TcpListener _front = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private TestSshServer _server = null!;
    private SshUnderTest _shell = null!;
    private Task _serving = Task.CompletedTask;
    private int _connections;

    /// <summary>So many connections are turned away before one is let through.</summary>
    private int _turnAway;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected abstract SshUnderTest Client(TestSshServer server);

    public async ValueTask InitializeAsync()
    {
        _server = await TestSshServer.StartAsync();
        _shell = Client(_server);
        _front.Start();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _shell.DisposeAsync();
        await _end.CancelAsync();
        _front.Stop();
        await _serving;
        await _server.DisposeAsync();
        _end.Dispose();
    }

    [Fact]
    public async Task Run_TurnedAwayTwice_GetsInWithoutTheCallerKnowing()
    {
        _turnAway = 2;
        Assert.True((await _shell.Shell.RunAsync(await ThroughAsync(), new("true"), Cancellation)).Ok);
        Assert.Equal(3, _connections);
    }

    [Fact]
    public async Task Run_TurnedAwayEveryTime_HasAFewConnectionsForAnyNumberOfCalls()
    {
        _turnAway = int.MaxValue;
        var host = await ThroughAsync();
        for (var call = 0; call < 40; call++)
        {
            var error = await Assert.ThrowsAsync<AdapterException>(() => _shell.Shell.RunAsync(host, new("true"), Cancellation));
            Assert.Equal((Reach.Refused, true), (error.Reach, error.IsTransient));
        }
        // Five until it breaks; more only if this machine needs seconds for forty calls that do nothing.
        Assert.InRange(_connections, 5, 8);
    }

    /// <summary>The server's key, known under the port in front of it.</summary>
    private async Task<RemoteHost> ThroughAsync()
    {
        var port = ((IPEndPoint)_front.LocalEndpoint).Port;
        var known = await File.ReadAllTextAsync(_server.KnownHosts, Cancellation);
        await File.WriteAllTextAsync(_server.KnownHosts, known.Replace($":{_server.Port} ", $":{port} ", StringComparison.Ordinal),
            Cancellation);
        return _server.Host with { Ssh = _server.Host.Ssh with { Port = port } };
    }

    private async Task ServeAsync()
    {
        List<Task> all = [];
        try
        {
            while (true)
            {
                var client = await _front.AcceptTcpClientAsync(_end.Token);
                if (++_connections <= _turnAway)
                    client.Dispose();
                else
                    all.Add(PassAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(all);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _server.Port, _end.Token);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), _end.Token),
                far.GetStream().CopyToAsync(near.GetStream(), _end.Token));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // Either side hung up.
        }
    }
}
