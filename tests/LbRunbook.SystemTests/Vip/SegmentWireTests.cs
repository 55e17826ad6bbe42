using System.Diagnostics;
using LbRunbook.Adapters.Vip;
using LbRunbook.Adapters.Wire;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.SystemTests.Vip;

/// <summary>Alone: an answer that comes later than 400 ms is none, and a busy machine answers late.</summary>
[Collection(Support.Timed.Name)]
public sealed class SegmentWireTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("public", "perl")]
    [InlineData("public", "python3")]
    [InlineData("public", "arping")]
    [InlineData("public6", "perl")]
    [InlineData("public6", "python3")]
    public async Task RemoteAsk_TwoHolders_AreBothHeard(string name, string tool)
    {
        await using var segment = await Segment.StartAsync();
        var vip = segment.Fleet.Vip(name);
        await segment.GiveAsync(vip, "lb1");
        await segment.GiveAsync(vip, "lb2");

        var macs = await new RemoteSegment(segment.Shell) { Tools = tool }.AskAsync(
            LbRunbook.Adapters.Ssh.RemoteHost.Of(segment.Fleet.Witnesses[0]), "eth0", vip.Address, Cancellation);

        Assert.NotNull(macs);
        Assert.Equal(await MacsAsync(segment, "lb1", "lb2"), macs.Order());
    }

    [Fact]
    public async Task WhoHas_HereIsOnTheSegment_AsksFromHereAndIsQuick()
    {
        await using var segment = await Segment.StartAsync();
        await segment.GiveAsync(segment.Vip, "lb1");
        var wire = new SegmentWire(segment.Fleet, segment.Shell);
        await wire.WhoHasAsync(segment.Vip, [], Cancellation);

        var (answer, took) = await TimeAsync(wire, segment.Vip);

        Assert.Equal("here", answer!.Vantage);
        Assert.Equal(await MacsAsync(segment, "lb1"), answer.Macs);
        Assert.True(took < TimeSpan.FromMilliseconds(300), $"took {took}");
    }

    [Theory]
    [InlineData("public")]
    [InlineData("public6")]
    public async Task WhoHas_Silence_IsKnownWithinFourHundredMilliseconds(string name)
    {
        await using var segment = await Segment.StartAsync();
        var wire = new SegmentWire(segment.Fleet, segment.Shell);
        await wire.WhoHasAsync(segment.Vip, [], Cancellation);

        var (answer, took) = await TimeAsync(wire, segment.Fleet.Vip(name));

        Assert.Empty(answer!.Macs);
        Assert.True(took < TimeSpan.FromMilliseconds(400), $"took {took}");
    }

    [Fact]
    public async Task WhoHas_NotFromHere_AsksTheWitness()
    {
        await using var segment = await Segment.StartAsync();
        await segment.GiveAsync(segment.Vip, "lb2");
        var wire = new SegmentWire(segment.Fleet, segment.Shell) { MayAskFromHere = false };

        var (answer, _) = await TimeAsync(wire, segment.Vip, "lb1", "lb2");

        Assert.Equal("client", answer!.Vantage);
        Assert.Equal(await MacsAsync(segment, "lb2"), answer.Macs);
    }

    [Fact]
    public async Task WhoHas_WitnessFrozen_ANodeAnswersInstead()
    {
        await using var segment = await Segment.StartAsync();
        await segment.GiveAsync(segment.Vip, "lb1");
        segment.Shell.Frozen["client"] = true;
        var wire = new SegmentWire(segment.Fleet, segment.Shell) { MayAskFromHere = false };

        var (answer, took) = await TimeAsync(wire, segment.Vip, "lb1");

        Assert.Equal("lb2", answer!.Vantage);
        Assert.Equal(await MacsAsync(segment, "lb1"), answer.Macs);
        Assert.True(took < TimeSpan.FromMilliseconds(500), $"took {took}");
    }

    [Fact]
    public async Task WhoHas_EverybodyFrozen_IsUnknownAndNotSilence()
    {
        await using var segment = await Segment.StartAsync();
        foreach (var name in Segment.Names)
            segment.Shell.Frozen[name] = true;
        var wire = new SegmentWire(segment.Fleet, segment.Shell) { MayAskFromHere = false };

        var (answer, took) = await TimeAsync(wire, segment.Vip);

        Assert.Null(answer);
        Assert.True(took < TimeSpan.FromMilliseconds(1300), $"took {took}");
    }

    [Fact]
    public async Task WhoHas_OneVantageIsCutOff_TheOtherObjectsToItsSilence()
    {
        await using var segment = await Segment.StartAsync();
        await segment.GiveAsync(segment.Vip, "lb1");
        // The witness can be asked, but its segment is another: it hears nobody.
        await segment.OnAsync("client", "ip", "link", "set", "eth0", "nomaster", "arp", "off");
        await segment.OnAsync("client", "ip", "link", "add", "other", "type", "bridge");
        await segment.OnAsync("client", "ip", "link", "set", "other", "up");
        var fleet = segment.Fleet with { Witnesses = [segment.Fleet.Witnesses[0] with { Interface = "other" }] };
        var wire = new SegmentWire(fleet, segment.Shell) { MayAskFromHere = false };

        var (answer, _) = await TimeAsync(wire, segment.Vip, "lb1");

        Assert.Equal("lb2", answer!.Vantage);
        Assert.NotEmpty(answer.Macs);
    }

    [Fact]
    public async Task WhoHas_ThisMachineIsTheExcludedNode_DoesNotAskFromHere()
    {
        await using var segment = await Segment.StartAsync();
        await segment.GiveAsync(segment.Vip, "lb2");
        var self = segment.Fleet.Node("lb1") with { Host = segment.HostAddress(1) };
        var fleet = segment.Fleet with { Nodes = [self, segment.Fleet.Node("lb2")] };

        var (answer, _) = await TimeAsync(new SegmentWire(fleet, segment.Shell), segment.Vip, "lb1", "lb2");

        Assert.Equal("client", answer!.Vantage);
    }

    private static async Task<(WireAnswer? Answer, TimeSpan Took)> TimeAsync(SegmentWire wire, VirtualIp vip, params string[] notFrom)
    {
        var clock = Stopwatch.StartNew();
        return (await wire.WhoHasAsync(vip, notFrom, Cancellation), clock.Elapsed);
    }

    private static async Task<IEnumerable<string>> MacsAsync(Segment segment, params string[] nodes)
    {
        var virtualIps = new LinuxVirtualIps(segment.Shell);
        var macs = new List<string>();
        foreach (var node in nodes)
            macs.Add(await virtualIps.MacAsync(segment.Fleet.Node(node), "eth0", Cancellation));
        return macs.Order();
    }
}
