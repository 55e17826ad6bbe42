using LbRunbook.Adapters.Processes;
using Xunit;

namespace LbRunbook.Tests.Adapters.Processes;

public sealed class ChildProcessInputTests
{
    [Fact]
    public async Task WriteInput_Returns_ChildReadsAllAndThenEndOfFile()
    {
        var result = await RunAsync("cat; echo end",
            async (stream, cancellation) => await stream.WriteAsync("bytes "u8.ToArray(), cancellation));

        Assert.Equal("bytes end\n", result.Output);
    }

    [Fact]
    public async Task WriteInput_StillWaitingWhenChildEnds_IsCancelledAndDoesNotHoldUp()
    {
        var cancelled = false;
        var result = await RunAsync("echo done", async (_, cancellation) =>
        {
            // Not a callback of the token: the delay's own comes first, and what follows would take ours away before its turn.
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(30), cancellation);
            }
            finally
            {
                cancelled = cancellation.IsCancellationRequested;
            }
        });

        Assert.Equal(("done\n", true), (result.Output, cancelled));
        Assert.InRange(result.Took, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task WriteInput_ChildDoesNotRead_ItsExitCodeIsWhatCounts()
    {
        var result = await RunAsync("exit 7", async (stream, cancellation) =>
        {
            while (true)
                await stream.WriteAsync(new byte[65536], cancellation);
        });

        Assert.Equal(7, result.ExitCode);
    }

    private static Task<ProcessResult> RunAsync(string script, Func<Stream, CancellationToken, Task> write) =>
        ChildProcess.RunAsync(new("sh", ["-c", script]) { WriteInput = write, Timeout = TimeSpan.FromSeconds(10) },
            TestContext.Current.CancellationToken);
}
