using System.Diagnostics;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

[Collection(SharedLab.Name)]
public sealed class StopProxyTests(LabFixture lab) : IAsyncDisposable
{
    private const int SlowBytes = 2 * 1024 * 1024;

    [Fact]
    public async Task StopProxy_DownloadGoesOn_WaitsForItsEnd()
    {
        using var op = await Operator.AtAsync(lab);
        await NobodyIsConnectedAsync();
        using var download = StartDownload(op);

        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2", "--stop-proxy", "--grace", "30s");

        Assert.Equal($"{SlowBytes}", await download.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("inactive, enabled", await lab.ProxyStateAsync("lb1"));
        Assert.Contains(done.Lines,
            l => RunReport.TypeOf(l) == "waiting" && ((string)l["seen"]!).Contains("1 sessions left on lb1", StringComparison.Ordinal));
        await op.Segment.ExpectServedByAsync("lb2", "after the failover");

        await op.ExpectAsync(0, "undo");
        Assert.Equal("active, enabled", await lab.ProxyStateAsync("lb1"));
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
    }

    [Fact]
    public async Task StopProxy_DownloadOutlivesTheGrace_StopsAllTheSame()
    {
        using var op = await Operator.AtAsync(lab);
        using var download = StartDownload(op);

        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2", "--stop-proxy", "--grace", "1s");

        var wait = done.Outcome["steps"]!.AsArray().Single(s => (string?)s!["uses"] == "sessions.ended")!;
        Assert.Contains("going on after 1 s", (string?)wait["detail"], StringComparison.Ordinal);
        Assert.InRange((int)wait["durationMs"]!, 900, 3000);
        Assert.Equal("inactive, enabled", await lab.ProxyStateAsync("lb1"));
        Assert.NotEqual($"{SlowBytes}", await download.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (LabNames.WhyNoLab() is null)
            await lab.SystemctlAsync("lb1", "start", "haproxy");
    }

    /// <summary>
    /// A connection that an earlier test has cut off is still one to the proxy, until its time limit: the hand-over would wait for it,
    /// and the download be over before the wait that this is about.
    /// </summary>
    private async Task NobodyIsConnectedAsync() => await Poll.UntilAsync(
        async () => (await lab.ExecAsync("lb1", "ss", "-Htn", "state", "established", "sport", "=", ":80")).Output,
        connected => connected.Length == 0, connected => connected, seconds: 90, everyMilliseconds: 500);

    /// <summary>From the client to lb1's own address, which does not move: about ten seconds. Prints how many bytes came.</summary>
    private Process StartDownload(Operator op)
    {
        var command = op.Segment.InNamespace("client", "curl", "-s", "-o", "/dev/null", "-w", "%{size_download}",
            $"http://{lab.AddressOf("lb1")}/slower");
        return Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, UseShellExecute = false })!;
    }
}
