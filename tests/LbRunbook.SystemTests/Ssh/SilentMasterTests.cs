using System.Net.Sockets;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>A master that gives its host up while a command waits for a session.</summary>
public sealed class SilentMasterTests : IDisposable
{
    private static readonly RemoteHost s_host = new("lb1", "192.0.2.1", new());

    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SshMaster _master;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public SilentMasterTests() => _master = new(s_host, _folder.Path, TimeSpan.FromMinutes(1), Token);

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    /// <summary>The host was frozen until a moment ago: another login finds it well.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    public async Task Run_SilenceWasAlsoBeforeUs_MayBeTriedAgain(double seconds)
    {
        GiveUpAfter(TimeSpan.FromSeconds(seconds));

        Assert.Null(await SshSession.RunSharedAsync(s_host, new("true"), _master, Token));
    }

    /// <summary>It is frozen: another login would only take longer to find that out.</summary>
    [Fact]
    public async Task Run_SilenceWasOurs_SaysThatTheHostIsSilent()
    {
        GiveUpAfter(SshArguments.MostOfTheSilence + TimeSpan.FromSeconds(0.1));

        var error = await Assert.ThrowsAsync<AdapterException>(() => SshSession.RunSharedAsync(s_host, new("true"), _master, Token));

        Assert.Equal(Reach.TimedOut, error.Reach);
        Assert.Contains("stopped answering", error.Message, StringComparison.Ordinal);
    }

    private void GiveUpAfter(TimeSpan wait)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_master.ControlPath));
        _listener.Listen();
        _ = Task.Run(async () =>
        {
            using var client = await _listener.AcceptAsync(Token);
            await client.SendAsync(MuxConnection.Message(1, 4u), Token);
            await client.ReceiveAsync(new byte[512], Token);
            await Task.Delay(wait, Token);
            await File.WriteAllTextAsync(_master.LogFile, "Timeout, server 192.0.2.1 not responding.\r\n", Token);
        }, Token);
    }
}
