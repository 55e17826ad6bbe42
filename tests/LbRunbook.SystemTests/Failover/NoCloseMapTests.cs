using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>
/// A HAProxy without the line of the close map: the next best that it can do. Each of the 20 keep-alive clients may lose one request.
/// </summary>
[CountsRequests]
[Collection(TrafficLab.Name)]
public sealed class NoCloseMapTests(LabFixture lab, ITestOutputHelper output) : IAsyncDisposable
{
    private const string Config = "/etc/haproxy/haproxy.cfg";

    [Theory]
    [InlineData(null)]
    [InlineData("5s")]
    public async Task Failover_KeepAliveAndDownloads_WorkersAreRenewedAndNoDownloadIsLost(string? spread)
    {
        using var op = await Operator.AtAsync(lab);
        await WithoutLineAsync(spread is null ? "" : $"-e '/^global/a close-spread-time {spread}'");
        using var clients = await LoadClients.StartAsync(op.Segment, lab.Addresses.VipV4);

        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");

        var seen = await clients.StopAsync();
        output.WriteLine($"{seen.ToJsonString()}; lbctl took {done.Outcome["durationMs"]} ms");
        Assert.Contains(spread is null ? "close them all at once" : $"close them over {spread}", done.ToString(), StringComparison.Ordinal);
        Assert.InRange((int)seen["failed"]!, 0, spread is null ? 20 : 5);
        Assert.Equal((0, 0), ((int)seen["downloadsBroken"]!, (int)seen["resets"]!));
        Assert.True((int)seen["downloadsComplete"]! >= 5);
        await op.Segment.ExpectHolderAsync("lb2", "after the hand-over");
        await HandOverTraces.ExpectNoneAsync(lab, "after the hand-over");
    }

    public async ValueTask DisposeAsync() =>
        await lab.ExecAsync("lb1", "sh", "-c", $"[ ! -e {Config}.kept ] || {{ mv {Config}.kept {Config}; systemctl reload haproxy; }}");

    private async Task WithoutLineAsync(string more)
    {
        var changed = await lab.ExecAsync("lb1", "sh", "-c",
            $"cp -p {Config} {Config}.kept && sed -i -e /lbctl.map/d {more} {Config} && systemctl reload haproxy");
        Assert.True(changed.Ok, changed.Error);
    }
}
