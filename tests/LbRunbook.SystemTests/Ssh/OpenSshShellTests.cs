using System.Diagnostics;
using System.Net.Sockets;
using LbRunbook.Adapters.Ssh;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>What is OpenSSH's own: connections that outlive the call.</summary>
public sealed class OpenSshShellTests : IAsyncLifetime
{
    private TestSshServer _server = null!;
    private OpenSshShell _shell = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestSshServer.StartAsync();
        _shell = OpenSshShell.Create(_server.RuntimeDirectory);
    }

    public async ValueTask DisposeAsync()
    {
        await _shell.CloseAsync();
        await _shell.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Run_FromASecondShell_ReusesTheLoginOfTheFirst()
    {
        await _shell.RunAsync(_server.Host, new("true"), Cancellation);
        await _shell.DisposeAsync();
        Assert.Equal(1, LoginsNow());

        await using var next = OpenSshShell.Create(_server.RuntimeDirectory);
        var result = await next.RunAsync(_server.Host, new("true"), Cancellation);

        Assert.True(result.Ok);
        Assert.Equal(1, LoginsNow());
    }

    [Fact]
    public async Task Run_TwoShellsAtOnceOnAColdHost_ShareOneLogin()
    {
        await using var other = OpenSshShell.Create(_server.RuntimeDirectory);

        await Task.WhenAll(_shell.RunAsync(_server.Host, new("true"), Cancellation),
            other.RunAsync(_server.Host, new("true"), Cancellation));

        Assert.Equal(1, LoginsNow());
    }

    [Fact]
    public async Task Run_StaleControlSocket_IsReplaced()
    {
        await _shell.RunAsync(_server.Host, new("true"), Cancellation);
        var path = Directory.GetFiles(_server.RuntimeDirectory, "m-*").Single(file => !file.Contains('.', StringComparison.Ordinal));
        await _shell.CloseAsync();
        await UntilAsync(() => !File.Exists(path), TimeSpan.FromSeconds(5));
        // Bound but not listening: what connecting to the socket of a killed master looks like.
        using var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        left.Bind(new UnixDomainSocketEndPoint(path));

        Assert.True((await _shell.RunAsync(_server.Host, new("true"), Cancellation)).Ok);
        Assert.True(await MuxSocket.AnswersAsync(path, Cancellation));
    }

    [Fact]
    public async Task Run_WithoutSharing_WorksAndKeepsExitCodes()
    {
        var tooLong = Path.Combine(_server.Directory, new string('x', 100));
        await using var plain = OpenSshShell.Create(tooLong);

        Assert.Equal(7, (await plain.RunAsync(_server.Host, new("sh", "-c", "exit 7"), Cancellation)).ExitCode);
        Assert.Equal(255, (await plain.RunAsync(_server.Host, new("sh", "-c", "exit 255"), Cancellation)).ExitCode);
    }

    /// <summary>Established connections to the server, each of which is a login.</summary>
    private int LoginsNow() =>
        File.ReadLines("/proc/net/tcp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(words => words[1].EndsWith($":{_server.Port:X4}", StringComparison.Ordinal) && words[3] == "01");

    private static async Task UntilAsync(Func<bool> condition, TimeSpan within)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < within, "the condition did not come true in time");
            await Task.Delay(20, Cancellation);
        }
    }
}
