using LbRunbook.Adapters.Vip;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.SystemTests.Vip;

public sealed class AnnouncerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("public", "perl")]
    [InlineData("public", "python3")]
    [InlineData("public", "arping")]
    [InlineData("public6", "perl")]
    [InlineData("public6", "python3")]
    public async Task Announce_ClientWithStaleNeighbour_SwitchesAtOnce(string name, string tool)
    {
        await using var segment = await Segment.StartAsync();
        var vip = segment.Fleet.Vip(name);
        var virtualIps = new LinuxVirtualIps(segment.Shell);
        await segment.GiveAsync(vip, "lb1");
        Assert.True(await segment.ClientReachesAsync(vip));
        await segment.MoveSilentlyAsync(vip, "lb1", "lb2");
        Assert.Equal(await virtualIps.MacAsync(segment.Fleet.Node("lb1"), "eth0", Cancellation), await segment.ClientNeighbourAsync(vip));
        Assert.False(await segment.ClientReachesAsync(vip), "the client's neighbour entry was not stale: the test proves nothing");

        var sentBy = await new Announcer(segment.Shell) { Tools = tool }.AnnounceAsync(segment.Fleet.Node("lb2"), vip, Cancellation);

        Assert.Equal(tool, sentBy);
        Assert.Equal(await virtualIps.MacAsync(segment.Fleet.Node("lb2"), "eth0", Cancellation), await segment.ClientNeighbourAsync(vip));
        Assert.True(await segment.ClientReachesAsync(vip));
    }

    [Fact]
    public async Task Announce_NoToolAtAll_NamesThePackages()
    {
        await using var segment = await Segment.StartAsync();
        await segment.GiveAsync(segment.Vip, "lb1");

        var error = await Assert.ThrowsAsync<AdapterException>(() =>
            new Announcer(segment.Shell) { Tools = "no-such-tool" }.AnnounceAsync(segment.Fleet.Node("lb1"), segment.Vip, Cancellation));

        Assert.Contains("iputils-arping, perl-base or python3", error.Message);
    }

    [Fact]
    public async Task Announce_ToolMayNotSend_IsAFailureWithItsReason()
    {
        await using var segment = await Segment.StartAsync();
        await segment.GiveAsync(segment.Vip, "lb1");
        // An interface that is down takes no frames.
        await segment.OnAsync("lb1", "ip", "link", "set", "eth0", "down");

        var error = await Assert.ThrowsAsync<AdapterException>(() =>
            new Announcer(segment.Shell) { Tools = "perl" }.AnnounceAsync(segment.Fleet.Node("lb1"), segment.Vip, Cancellation));

        Assert.Contains("perl: ", error.Message);
        Assert.Contains("eth0", error.Message);
    }
}
