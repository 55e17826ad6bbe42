using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.TestKit.Contracts;

/// <summary>
/// What every <see cref="IHandOver"/> does: run on the fake and on real nodes. lb1 has the addresses, lb2 is to get them.
/// </summary>
public abstract class HandOverContract
{
    private const string Id = "contract1";

    protected abstract Fleet Fleet { get; }
    protected abstract IHandOver HandOver { get; }
    protected abstract IVirtualIps VirtualIps { get; }

    /// <summary>Of a node, on the segment of the virtual IP.</summary>
    protected abstract IPAddress OwnAddress(string node, bool ipv6);
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HandOverPart Guard => new()
    {
        Node = Fleet.Node("lb2"),
        Role = HandOverRole.Guard,
        Id = Id,
        Vips = [.. Fleet.Vips.Select(v => new HandOverVip(v, OwnAddress("lb1", v.IsIPv6)))],
        Tool = "nft",
        EndsAfter = TimeSpan.FromMinutes(2),
        About = "guard lb1 lb2 public,public6",
    };

    private HandOverPart Keep => Guard with
    {
        Node = Fleet.Node("lb1"),
        Role = HandOverRole.Keep,
        Vips = [.. Fleet.Vips.Select(v => new HandOverVip(v, v.Address))],
        Tool = "",
        About = "keep lb1 lb2 public,public6",
    };

    [Fact]
    public async Task Look_NodeThatCan_SaysWithWhatAndKnowsItsNeighbour()
    {
        var seen = await HandOver.LookAsync(Fleet.Node("lb2"), Guard.Vips, Cancellation);
        Assert.Equal((true, true), (seen.IsRoot, seen.HasTimer));
        Assert.Contains("nft", seen.Tools);
        Assert.All(Guard.Vips, v => Assert.Matches("^([0-9a-f]{2}:){5}[0-9a-f]{2}$", seen.Neighbours[v.Other.ToString()]));
    }

    [Fact]
    public async Task Missing_NothingWasPrepared_NamesWhatIsMissingAndChangesNothing()
    {
        foreach (var part in (HandOverPart[])[Guard, Keep])
        {
            Assert.NotEmpty(await HandOver.MissingAsync(part, Cancellation));
            Assert.Empty(await HandOver.LeftAsync(part.Node, Id, Cancellation));
        }
    }

    [Fact]
    public async Task Prepare_Twice_IsThereOnceAndEndsWhole()
    {
        foreach (var part in (HandOverPart[])[Guard, Keep])
        {
            await HandOver.PrepareAsync(part, Cancellation);
            await HandOver.PrepareAsync(part, Cancellation);
            Assert.Empty(await HandOver.MissingAsync(part, Cancellation));
            Assert.NotEmpty(await HandOver.LeftAsync(part.Node, Id, Cancellation));
        }
        foreach (var part in (HandOverPart[])[Guard, Keep])
        {
            await HandOver.EndAsync(part.Node, Id, Cancellation);
            Assert.Empty(await HandOver.LeftAsync(part.Node, Id, Cancellation));
            Assert.NotEmpty(await HandOver.MissingAsync(part, Cancellation));
        }
    }

    [Fact]
    public async Task Prepare_Keep_AddsASilentAddressThatDoesNotCountAsHeldAndTakesItAwayAgain()
    {
        var before = await SilentAsync();
        await HandOver.PrepareAsync(Keep, Cancellation);
        Assert.Equal(Fleet.Vips.Count, (await SilentAsync()) - before);
        await HandOver.EndAsync(Keep.Node, Id, Cancellation);
        Assert.Equal(before, await SilentAsync());
    }

    [Fact]
    public async Task End_NothingThere_IsNoError()
    {
        await HandOver.EndAsync(Fleet.Node("lb1"), Id, Cancellation);
        Assert.Empty(await HandOver.LeftAsync(Fleet.Node("lb1"), Id, Cancellation));
    }

    private async Task<int> SilentAsync() => (await VirtualIps.ReadAsync(Fleet.Node("lb1"), Cancellation)).Count(a => a.Silent);
}
