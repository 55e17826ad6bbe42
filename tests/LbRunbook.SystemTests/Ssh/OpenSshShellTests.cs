using System.Diagnostics;
using System.Net.Sockets;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

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
    public async Task Run_ManyAtOnceOnAColdHost_ShareOneLogin()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            _shell.RunAsync(_server.Host, new("sh", "-c", "echo $PPID $1", "sh", $"{number}"), Cancellation)));

        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{number}"), results.Select(result => result.Output.Trim().Split(' ')[1]));
        Assert.Single(Directory.GetFiles(_server.RuntimeDirectory, "m-*"), path => Path.GetExtension(path).Length == 0);
        Assert.Equal(1, LoginsNow());
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
    public async Task Run_CommandsOwn255_IsAResultNotAnError()
    {
        var result = await _shell.RunAsync(_server.Host, new("sh", "-c", "echo own >&2; exit 255"), Cancellation);

        Assert.Equal(255, result.ExitCode);
        Assert.Equal("own\n", result.Error);
    }

    [Fact]
    public async Task Run_BigOutput_IsCutAndSaysSo()
    {
        var result = await _shell.RunAsync(_server.Host, new("head", "-c", "3000000", "/dev/zero") { OutputLimit = 1000 }, Cancellation);

        Assert.True(result.Ok);
        Assert.True(result.Truncated);
        Assert.Equal(1000, result.Output.Length);
    }

    [Fact]
    public async Task Run_BigInput_ArrivesWhole()
    {
        var result = await _shell.RunAsync(_server.Host, new("wc", "-c") { StandardInput = new('x', 5_000_000) }, Cancellation);

        Assert.Equal("5000000", result.Output.Trim());
    }

    [Fact]
    public async Task Run_InputThatNobodyReads_HoldsNothingUp()
    {
        var result = await _shell.RunAsync(_server.Host, new("sh", "-c", "exit 4") { StandardInput = new('x', 5_000_000) }, Cancellation);

        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    public async Task Run_LongerThanItsTimeout_TimesOutAndEndsThere()
    {
        var clock = Stopwatch.StartNew();
        var marker = $"3{Random.Shared.Next(1000, 9999)}.5";
        var error = await Assert.ThrowsAsync<AdapterException>(() =>
            _shell.RunAsync(_server.Host, new("sleep", marker) { Timeout = TimeSpan.FromMilliseconds(700) }, Cancellation));

        Assert.Equal(Reach.TimedOut, error.Reach);
        Assert.Contains("0.7 s", error.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(5));
        await UntilAsync(() => Sleepers(marker) == 0, TimeSpan.FromSeconds(5));
        Assert.True((await _shell.RunAsync(_server.Host, new("true"), Cancellation)).Ok);
    }

    [Fact]
    public async Task Run_Cancelled_EndsTheRemoteCommandAtOnce()
    {
        var marker = $"4{Random.Shared.Next(1000, 9999)}.5";
        using var caller = new CancellationTokenSource();
        var running = _shell.RunAsync(_server.Host, new("sleep", marker), caller.Token);
        await UntilAsync(() => Sleepers(marker) > 0, TimeSpan.FromSeconds(10));
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await UntilAsync(() => Sleepers(marker) == 0, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Run_HostFrozenWhileLoggedIn_FailsSoonAndIsBackWhenTheHostIs()
    {
        await _shell.RunAsync(_server.Host, new("true"), Cancellation);
        _server.SignalAll(Signal.Stop);
        var clock = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<AdapterException>(() => _shell.RunAsync(_server.Host, new("true"), Cancellation));
        var took = clock.Elapsed;
        _server.SignalAll(Signal.Continue);

        Assert.Equal(Reach.TimedOut, error.Reach);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(6));
        Assert.Contains("stopped answering", error.Message, StringComparison.Ordinal);
        Assert.True((await _shell.RunAsync(_server.Host, new("true"), Cancellation)).Ok);
    }

    [Fact]
    public async Task Run_WithoutSharing_WorksAndKeepsExitCodes()
    {
        var tooLong = Path.Combine(_server.Directory, new string('x', 100));
        await using var plain = OpenSshShell.Create(tooLong);

        Assert.Equal(7, (await plain.RunAsync(_server.Host, new("sh", "-c", "exit 7"), Cancellation)).ExitCode);
        Assert.Equal(255, (await plain.RunAsync(_server.Host, new("sh", "-c", "exit 255"), Cancellation)).ExitCode);
    }

    [Fact]
    public async Task Run_MoreSessionsThanTheServerAllows_StillAllRun()
    {
        await using var narrow = await TestSshServer.StartAsync("MaxSessions 2");
        await using var shell = OpenSshShell.Create(narrow.RuntimeDirectory);

        var results = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(_ => shell.RunAsync(narrow.Host, new("sleep", "0.3"), Cancellation)));

        Assert.All(results, result => Assert.True(result.Ok));
        await shell.CloseAsync();
    }

    /// <summary>Established connections to the server, each of which is a login.</summary>
    private int LoginsNow() =>
        File.ReadLines("/proc/net/tcp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(words => words[1].EndsWith($":{_server.Port:X4}", StringComparison.Ordinal) && words[3] == "01");

    private static int Sleepers(string seconds) =>
        Directory.GetDirectories("/proc").Count(process =>
        {
            try
            {
                return File.ReadAllText(process + "/cmdline") == $"sleep\0{seconds}\0";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        });

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
