using System.Net.Sockets;
using LbRunbook.Adapters.Ssh;
using LbRunbook.TestKit.Ssh;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>The contract of every shell, on a real sshd.</summary>
public abstract class SshContract : RemoteShellContract, IAsyncLifetime
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private TestSshServer _server = null!;
    private SshUnderTest _shell = null!;
    private RemoteHost _deadHost = null!;

    private protected override IRemoteShell Shell => _shell.Shell;
    private protected override RemoteHost Host => _server.Host;
    private protected override RemoteHost DeadHost => _deadHost;
    private protected override string SocketPath => _server.InDirectory("admin.sock");

    private protected abstract SshUnderTest Client(TestSshServer server);

    public async ValueTask InitializeAsync()
    {
        _server = await TestSshServer.StartAsync();
        _shell = Client(_server);
        _deadHost = Host with { Name = "lb2", Ssh = Host.Ssh with { Port = TestSshServer.FreePort() } };
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        _ = AnswerOnceAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _listener.Dispose();
        await _shell.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task AnswerOnceAsync()
    {
        try
        {
            using var stream = new NetworkStream(await _listener.AcceptAsync(), ownsSocket: true);
            if (await new StreamReader(stream).ReadLineAsync() == "ping")
                await stream.WriteAsync("pong\n"u8.ToArray());
        }
        catch (SocketException)
        {
            // Disposed by a test that did not need it.
        }
    }
}
