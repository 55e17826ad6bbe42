using LbRunbook.Adapters.Processes;
using Xunit;

namespace LbRunbook.Tests.Adapters.Processes;

public sealed class ChildProcessSignalTests
{
    /// <summary>As a Ctrl-C would that comes between a child's start and its own session.</summary>
    [Fact]
    public async Task Interrupt_OfAChild_DoesNotEndIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "setsid is Linux's");
        var result = await ChildProcess.RunAsync(new("sh", ["-c", "kill -INT $$; echo done"]), TestContext.Current.CancellationToken);

        Assert.Equal((0, "done\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Cancelled_ChildThatListens_MayCleanUpFirst()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no sh");
        using var cancellation = new CancellationTokenSource();
        var run = ChildProcess.RunAsync(
            new("sh", ["-c", "trap 'echo cleaned; exit 1' TERM; echo ready; while :; do sleep 0.02; done"])
            {
                WriteInput = async (_, _) =>
                    { await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
                        await cancellation.CancelAsync(); },
            }, cancellation.Token);

        var ended = await Assert.ThrowsAsync<ProcessCanceledException>(() => run);
        Assert.Equal("ready\ncleaned\n", ended.Partial.Output);
    }

    /// <summary>What this process itself hears of Ctrl-C must not change by starting somebody.</summary>
    [Fact]
    public void Start_Always_LeavesOwnMaskAsItWas()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's");
        var before = Blocked();
        using (SignalMask.WithoutInterrupt())
            Assert.NotEqual(before, Blocked());
        Assert.Equal(before, Blocked());
    }

    private static string Blocked() =>
        File.ReadLines("/proc/thread-self/status").Single(l => l.StartsWith("SigBlk:", StringComparison.Ordinal));
}
