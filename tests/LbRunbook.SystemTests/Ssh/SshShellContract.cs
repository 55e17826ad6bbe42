using System.Diagnostics;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>What a client does with real commands on a real host: many, big, slow, cancelled, and a host that freezes.</summary>
public abstract class SshShellContract : SshServerTests
{
    [Fact]
    public async Task Run_ManyAtOnceOnAColdHost_ShareOneLogin()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            Tested.Shell.RunAsync(Server.Host, new("sh", "-c", "echo $PPID $1", "sh", $"{number}"), Cancellation)));

        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{number}"), results.Select(result => result.Output.Trim().Split(' ')[1]));
        Assert.Equal(1, LoginsNow());
    }

    [Fact]
    public async Task Run_CommandsOwn255_IsAResultNotAnError()
    {
        var result = await Tested.Shell.RunAsync(Server.Host, new("sh", "-c", "echo own >&2; exit 255"), Cancellation);

        Assert.Equal(255, result.ExitCode);
        Assert.Equal("own\n", result.Error);
    }

    [Fact]
    public async Task Run_BigOutput_IsCutAndSaysSo()
    {
        var result = await Tested.Shell.RunAsync(Server.Host, new("head", "-c", "16777216", "/dev/zero") { OutputLimit = 1000 },
            Cancellation);

        Assert.True(result.Ok);
        Assert.True(result.Truncated);
        Assert.Equal(1000, result.Output.Length);
    }

    [Fact]
    public async Task Run_BigInput_ArrivesWhole()
    {
        var result = await Tested.Shell.RunAsync(Server.Host, new("wc", "-c") { StandardInput = new('x', 5_000_000) }, Cancellation);

        Assert.Equal("5000000", result.Output.Trim());
    }

    [Fact]
    public async Task Run_InputThatNobodyReads_HoldsNothingUp()
    {
        var result = await Tested.Shell.RunAsync(Server.Host, new("sh", "-c", "exit 4") { StandardInput = new('x', 5_000_000) },
            Cancellation);

        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    public async Task Run_LongerThanItsTimeout_TimesOutAndEndsThere()
    {
        var clock = Stopwatch.StartNew();
        var marker = $"3{Random.Shared.Next(1000, 9999)}.5";
        var error = await Assert.ThrowsAsync<AdapterException>(() =>
            Tested.Shell.RunAsync(Server.Host, new("sleep", marker) { Timeout = TimeSpan.FromMilliseconds(700) }, Cancellation));

        Assert.Equal(Reach.TimedOut, error.Reach);
        Assert.Contains("0.7 s", error.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(5));
        await UntilAsync(() => Sleepers(marker) == 0, TimeSpan.FromSeconds(5));
        Assert.True((await Tested.Shell.RunAsync(Server.Host, new("true"), Cancellation)).Ok);
    }

    [Fact]
    public async Task Run_Cancelled_EndsTheRemoteCommandAtOnce()
    {
        var marker = $"4{Random.Shared.Next(1000, 9999)}.5";
        using var caller = new CancellationTokenSource();
        var running = Tested.Shell.RunAsync(Server.Host, new("sleep", marker), caller.Token);
        await UntilAsync(() => Sleepers(marker) > 0, TimeSpan.FromSeconds(10));
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await UntilAsync(() => Sleepers(marker) == 0, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Run_HostFrozenWhileLoggedIn_FailsSoonAndIsBackWhenTheHostIs()
    {
        await Tested.Shell.RunAsync(Server.Host, new("true"), Cancellation);
        Server.SignalAll(Signal.Stop);
        var clock = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<AdapterException>(() => Tested.Shell.RunAsync(Server.Host, new("true"), Cancellation));
        var took = clock.Elapsed;
        Server.SignalAll(Signal.Continue);

        Assert.Equal(Reach.TimedOut, error.Reach);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Contains("stopped answering", error.Message, StringComparison.Ordinal);
        Assert.True((await Tested.Shell.RunAsync(Server.Host, new("true"), Cancellation)).Ok);
    }

    [Fact]
    public async Task Run_MoreSessionsThanTheServerAllows_StillAllRun()
    {
        await using var narrow = await TestSshServer.StartAsync("MaxSessions 2");
        await using var shell = Client(narrow);

        var results = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(_ => shell.Shell.RunAsync(narrow.Host, new("sleep", "0.3"), Cancellation)));

        Assert.All(results, result => Assert.True(result.Ok));
    }

    [Fact]
    public async Task Run_HostFreezesDuringACommand_IsNoticedLongBeforeItsTimeout()
    {
        var marker = $"5{Random.Shared.Next(1000, 9999)}.5";
        var running = Tested.Shell.RunAsync(Server.Host, new("sleep", marker), Cancellation);
        await UntilAsync(() => Sleepers(marker) > 0, TimeSpan.FromSeconds(10));
        Server.SignalAll(Signal.Stop);
        var clock = Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<AdapterException>(() => running);
        var took = clock.Elapsed;
        Server.SignalAll(Signal.Continue);

        Assert.Equal(Reach.TimedOut, error.Reach);
        Assert.InRange(took, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.Contains("stopped answering", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CommandThatSaysNothingForLong_IsNotTakenForAFrozenHost()
    {
        var result = await Tested.Shell.RunAsync(Server.Host, new("sleep", "5.5"), Cancellation);

        Assert.True(result.Ok);
        Assert.Equal("", result.Output + result.Error);
    }

    /// <summary>A login for each command would show here.</summary>
    [Fact]
    public async Task Run_LoggedIn_TheNextCommandIsMuchFaster()
    {
        var cold = await TookAsync();
        var warm = new List<TimeSpan>();
        for (var count = 0; count < 10; count++)
            warm.Add(await TookAsync());

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"cold {cold.TotalMilliseconds:0} ms, warm {warm.Order().ElementAt(5).TotalMilliseconds:0} ms (median of 10)");
        Assert.InRange(warm.Order().ElementAt(5), TimeSpan.Zero, cold);
    }

    private async Task<TimeSpan> TookAsync()
    {
        var clock = Stopwatch.StartNew();
        await Tested.Shell.RunAsync(Server.Host, new("true"), Cancellation);
        return clock.Elapsed;
    }

    /// <summary>Established connections to the server, each of which is a login.</summary>
    private int LoginsNow() =>
        File.ReadLines("/proc/net/tcp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(words => words[1].EndsWith($":{Server.Port:X4}", StringComparison.Ordinal) && words[3] == "01");

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
