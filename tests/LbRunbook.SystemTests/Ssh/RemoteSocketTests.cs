using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

public sealed class RemoteSocketTests : IAsyncLifetime
{
    private TestSshServer _server = null!;
    private OpenSshShell _shell = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
    private string SocketPath => _server.InDirectory("admin.sock");

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
    public async Task Exchange_ManyAtOnce_EachGetsItsOwnWholeAnswer()
    {
        using var product = new LineServer(SocketPath);
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(number =>
            _shell.ExchangeAsync(_server.Host, SocketPath, $"show {number}\n", TimeSpan.FromSeconds(10), Cancellation)));

        Assert.All(answers.Index(), pair => Assert.Equal(LineServer.Answer($"show {pair.Index}"), pair.Item));
    }

    [Fact]
    public async Task Exchange_FromASecondShell_ReusesTheForward()
    {
        using var product = new LineServer(SocketPath);
        await ExchangeAsync(_shell);
        await _shell.DisposeAsync();

        await using var next = OpenSshShell.Create(_server.RuntimeDirectory);
        Assert.Equal(LineServer.Answer("ping"), await ExchangeAsync(next));
    }

    [Fact]
    public async Task Exchange_LocalSocketRemovedByOthers_IsForwardedAgain()
    {
        using var product = new LineServer(SocketPath);
        await ExchangeAsync(_shell);
        File.Delete(Directory.GetFiles(_server.RuntimeDirectory, "f-*").Single());

        Assert.Equal(LineServer.Answer("ping"), await ExchangeAsync(_shell));
    }

    /// <summary>
    /// ssh waits without end for the streams of a session that was asked for: a call of ours that is stopped (Ctrl-Z) between the two
    /// holds up everybody on that connection, and everybody else needs another one, with its forwards.
    /// </summary>
    [Fact]
    public async Task Exchange_SomebodyElseHoldsTheMasterUp_GoesAnotherWay()
    {
        using var product = new LineServer(SocketPath);
        await ExchangeAsync(_shell);
        var control = Directory.GetFiles(_server.RuntimeDirectory, "m-*").Single(f => Path.GetExtension(f).Length == 0);
        using var stopped = await MuxConnection.TryOpenAsync(control, Cancellation);
        await stopped!.SendFirstAsync(
            MuxConnection.Message(0x10000002, 1u, "", false, false, false, false, uint.MaxValue, "", "true"), Cancellation);
        while (await MuxSocket.AnswersAsync(control, Cancellation))
            await Task.Delay(10, Cancellation);

        await using var other = OpenSshShell.Create(_server.RuntimeDirectory);
        Assert.Equal(LineServer.Answer("ping"), await ExchangeAsync(other));
    }

    [Fact]
    public async Task Exchange_AfterTheMasterWasClosed_StartsAnew()
    {
        using var product = new LineServer(SocketPath);
        await ExchangeAsync(_shell);
        await _shell.CloseAsync();

        Assert.Equal(LineServer.Answer("ping"), await ExchangeAsync(_shell));
    }

    [Fact]
    public async Task Exchange_NoSuchSocket_SaysSoAndRecoversWhenItAppears()
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() => ExchangeAsync(_shell));
        Assert.Contains($"no socket {SocketPath}", error.Message, StringComparison.Ordinal);

        using var product = new LineServer(SocketPath);
        Assert.Equal(LineServer.Answer("ping"), await ExchangeAsync(_shell));
    }

    [Fact]
    public async Task Exchange_SilentProduct_TimesOut()
    {
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(SocketPath));
        silent.Listen();
        await _shell.RunAsync(_server.Host, new("true"), Cancellation);
        var clock = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<AdapterException>(() =>
            _shell.ExchangeAsync(_server.Host, SocketPath, "ping\n", TimeSpan.FromMilliseconds(500), Cancellation));

        Assert.Equal(Reach.TimedOut, error.Reach);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Exchange_ForwardingForbidden_GoesThroughSocat()
    {
        await using var strict = await TestSshServer.StartAsync("AllowStreamLocalForwarding no");
        await using var shell = OpenSshShell.Create(strict.RuntimeDirectory);
        var path = strict.InDirectory("admin.sock");
        using var product = new LineServer(path);

        for (var round = 0; round < 2; round++)
            Assert.Equal(LineServer.Answer("ping"),
                await shell.ExchangeAsync(strict.Host, path, "ping\n", TimeSpan.FromSeconds(10), Cancellation));
        Assert.Equal(2, product.Served);
        await shell.CloseAsync();
    }

    [Fact]
    public async Task Timing_ColdWarmAndExchange_AreReported()
    {
        using var product = new LineServer(SocketPath);
        var cold = await MeasureAsync(() => _shell.RunAsync(_server.Host, new("true"), Cancellation));
        List<double> warm = [], exchange = [];
        await ExchangeAsync(_shell);
        for (var round = 0; round < 10; round++)
        {
            warm.Add(await MeasureAsync(() => _shell.RunAsync(_server.Host, new("true"), Cancellation)));
            exchange.Add(await MeasureAsync(() => ExchangeAsync(_shell)));
        }
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"cold command {cold:F0} ms, warm command {warm.Order().ElementAt(5):F1} ms, warm exchange "
                + $"{exchange.Order().ElementAt(5):F1} ms (medians of 10)");
        // No process is started for an exchange: that is what keeps it far below a command.
        Assert.True(exchange.Order().ElementAt(5) < warm.Order().ElementAt(5));
    }

    private Task<string> ExchangeAsync(OpenSshShell shell) =>
        shell.ExchangeAsync(_server.Host, SocketPath, "ping\n", TimeSpan.FromSeconds(10), Cancellation);

    private static async Task<double> MeasureAsync(Func<Task> action)
    {
        var clock = Stopwatch.StartNew();
        await action();
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>Like a haproxy admin socket: one line in, an answer in pieces, then it closes. Treats a half-close as a hang-up.</summary>
    private sealed class LineServer : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private int _served;

        public LineServer(string path)
        {
            _listener.Bind(new UnixDomainSocketEndPoint(path));
            _listener.Listen(64);
            _ = AcceptAsync();
        }

        public int Served => _served;

        public static string Answer(string request) => string.Concat(Enumerable.Repeat($"answer to {request} ✓\n", 2000));

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                    _ = ServeAsync(await _listener.AcceptAsync());
            }
            catch (SocketException)
            {
                // Disposed.
            }
        }

        private async Task ServeAsync(Socket client)
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            if (await new StreamReader(stream).ReadLineAsync() is not { } line)
                return;
            Interlocked.Increment(ref _served);
            var answer = Encoding.UTF8.GetBytes(Answer(line));
            await stream.WriteAsync(answer.AsMemory(0, 1000));
            var more = new byte[1];
            using var wait = new CancellationTokenSource(50);
            try
            {
                // Only for "show": the wait would be all that the timing test measures.
                if (line.StartsWith("show", StringComparison.Ordinal) && await stream.ReadAsync(more, wait.Token) == 0)
                    return;
            }
            catch (OperationCanceledException)
            {
                // Still open, as it must be.
            }
            await stream.WriteAsync(answer.AsMemory(1000));
        }
    }
}
