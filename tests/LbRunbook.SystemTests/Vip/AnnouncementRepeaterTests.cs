using System.Diagnostics;
using System.Net;
using LbRunbook.Adapters.Vip;
using LbRunbook.Adapters.Wire;
using Xunit;

namespace LbRunbook.SystemTests.Vip;

public sealed class AnnouncementRepeaterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Announce_AddressStays_IsRepeatedAfterOneAndFiveSeconds()
    {
        await using var segment = await Segment.StartAsync();
        await segment.GiveAsync(segment.Vip, "lb1");
        var heard = ListenAsync(segment.Bridge, segment.VipAddress, TimeSpan.FromSeconds(7));

        await new Announcer(segment.Shell).AnnounceAsync(segment.Fleet.Node("lb1"), segment.Vip, Cancellation);

        // Bursts of several frames; the first one starts the clock.
        var times = await heard;
        var bursts = times.Where((t, i) => i == 0 || t - times[i - 1] > TimeSpan.FromMilliseconds(500)).Select(t => t - times[0]).ToList();
        Assert.Equal(3, bursts.Count);
        Assert.InRange(bursts[1].TotalSeconds, 0.9, 2);
        Assert.InRange(bursts[2].TotalSeconds, 4.9, 6.5);
        Assert.True(times.Count >= 9, $"{times.Count} frames in three bursts");
    }

    [Fact]
    public async Task Announce_AddressGoesAway_IsNotRepeated()
    {
        await using var segment = await Segment.StartAsync();
        await segment.GiveAsync(segment.Vip, "lb1");
        var virtualIps = new LinuxVirtualIps(segment.Shell);
        var node = segment.Fleet.Node("lb1");

        await virtualIps.AnnounceAsync(node, segment.Vip, Cancellation);
        await virtualIps.RemoveAsync(node, segment.Vip, Cancellation);

        Assert.Empty(await ListenAsync(segment.Bridge, segment.VipAddress, TimeSpan.FromSeconds(6)));
    }

    [Fact]
    public async Task Announce_Repeater_DoesNotHoldTheChannelOpen()
    {
        await using var segment = await Segment.StartAsync();
        await segment.GiveAsync(segment.Vip, "lb1");
        var clock = Stopwatch.StartNew();

        // cat ends when the last holder of the pipe has closed it, as sshd's channel does.
        var script = LbRunbook.Adapters.Ssh.EmbeddedScript.Read("announce.sh");
        var output = await segment.OnAsync("lb1", "sh", "-c", "s=$1; shift; printf %s \"$s\" | sh -s -- \"$@\" | cat", "sh", script,
            segment.VipAddress.ToString(), "32", "eth0", Convert.ToHexStringLower(segment.VipAddress.GetAddressBytes()), "", "perl",
            LbRunbook.Adapters.Ssh.EmbeddedScript.Read("frames.pl"), "");

        Assert.Equal("perl", output.Trim());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(0.95), $"took {clock.Elapsed}");
    }

    /// <summary>When frames that claim the address passed the bridge.</summary>
    private static Task<List<TimeSpan>> ListenAsync(string bridge, IPAddress address, TimeSpan time)
    {
        var index = int.Parse(File.ReadAllText($"/sys/class/net/{bridge}/ifindex"));
        var wire = new PacketSocket(index, ArpFrame.EtherType);
        return Task.Factory.StartNew(() =>
        {
            using (wire)
            {
                var times = new List<TimeSpan>();
                var buffer = new byte[2048];
                for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
                {
                    var count = wire.Receive(buffer, TimeSpan.FromMilliseconds(20));
                    if (ArpFrame.Answerer(buffer.AsSpan(0, count), address) is not null)
                        times.Add(clock.Elapsed);
                }
                return times;
            }
        }, Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
