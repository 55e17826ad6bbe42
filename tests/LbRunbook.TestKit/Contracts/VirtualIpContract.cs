using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.TestKit.Contracts;

/// <summary>
/// What every <see cref="IVirtualIps"/> and <see cref="IWire"/> does: run on the fake and on real kernels, so that the fake cannot drift.
/// </summary>
public abstract class VirtualIpContract : IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Nodes lb1 and lb2 without any VIP; VIPs public and public6; a witness.</summary>
    protected abstract Fleet Fleet { get; }
    protected abstract IVirtualIps VirtualIps { get; }
    protected abstract IWire Wire { get; }

    /// <summary>Gives a node the address behind the port's back.</summary>
    protected abstract Task GiveAsync(Node node, IPAddress address, int prefixLength);

    private Node Lb1 => Fleet.Node("lb1");
    private Node Lb2 => Fleet.Node("lb2");

    public abstract ValueTask InitializeAsync();
    public abstract ValueTask DisposeAsync();

    [Theory]
    [InlineData("public")]
    [InlineData("public6")]
    public async Task Add_Twice_HoldsItOnce(string name)
    {
        var vip = Fleet.Vip(name);

        await VirtualIps.AddAsync(Lb1, vip, Cancellation);
        await VirtualIps.AddAsync(Lb1, vip, Cancellation);

        var held = Assert.Single(await HeldAsync(Lb1, vip));
        Assert.Equal((vip.InterfaceOn(Lb1), vip.PrefixLength, false, false),
            (held.Interface, held.PrefixLength, held.Tentative, held.DadFailed));
        Assert.Empty(await HeldAsync(Lb2, vip));
    }

    [Theory]
    [InlineData("public")]
    [InlineData("public6")]
    public async Task Remove_Twice_HoldsNothing(string name)
    {
        var vip = Fleet.Vip(name);
        await VirtualIps.AddAsync(Lb1, vip, Cancellation);

        await VirtualIps.RemoveAsync(Lb1, vip, Cancellation);
        await VirtualIps.RemoveAsync(Lb1, vip, Cancellation);

        Assert.Empty(await HeldAsync(Lb1, vip));
    }

    [Fact]
    public async Task Remove_HeldUnderTwoPrefixLengths_RemovesBothAndNothingElse()
    {
        var vip = Fleet.Vip("public");
        await GiveAsync(Lb1, vip.Address, 24);
        await VirtualIps.AddAsync(Lb1, vip, Cancellation);
        Assert.Equal(2, (await HeldAsync(Lb1, vip)).Count);
        var before = await VirtualIps.ReadAsync(Lb1, Cancellation);

        await VirtualIps.RemoveAsync(Lb1, vip, Cancellation);

        Assert.Equal(
            before.Where(a => !IPAddress.Parse(a.Address).Equals(vip.Address)).Select(a => a.Address).Order(),
            (await VirtualIps.ReadAsync(Lb1, Cancellation)).Select(a => a.Address).Order());
    }

    [Fact]
    public async Task Announce_NotHeld_Throws()
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() => VirtualIps.AnnounceAsync(Lb1, Fleet.Vip("public"), Cancellation));

        Assert.Contains("does not hold", error.Message);
    }

    [Theory]
    [InlineData("public")]
    [InlineData("public6")]
    public async Task WhoHas_OneHolder_IsItsMac(string name)
    {
        var vip = Fleet.Vip(name);
        await VirtualIps.AddAsync(Lb2, vip, Cancellation);

        var answer = await Wire.WhoHasAsync(vip, ["lb1", "lb2"], Cancellation);

        Assert.NotNull(answer);
        Assert.Equal([await VirtualIps.MacAsync(Lb2, "eth0", Cancellation)], answer.Macs);
    }

    [Theory]
    [InlineData("public")]
    [InlineData("public6")]
    public async Task WhoHas_TwoHolders_AreBothMacs(string name)
    {
        var vip = Fleet.Vip(name);
        await VirtualIps.AddAsync(Lb1, vip, Cancellation);
        await VirtualIps.AddAsync(Lb2, vip, Cancellation);

        var answer = await Wire.WhoHasAsync(vip, ["lb1", "lb2"], Cancellation);

        string[] both = [await VirtualIps.MacAsync(Lb1, "eth0", Cancellation), await VirtualIps.MacAsync(Lb2, "eth0", Cancellation)];
        Assert.NotNull(answer);
        Assert.Equal(both.Order(), answer.Macs.Order());
    }

    [Theory]
    [InlineData("public")]
    [InlineData("public6")]
    public async Task WhoHas_NoHolder_IsSilenceAndNotUnknown(string name)
    {
        var answer = await Wire.WhoHasAsync(Fleet.Vip(name), [], Cancellation);

        Assert.NotNull(answer);
        Assert.Empty(answer.Macs);
    }

    [Fact]
    public async Task WhoHasAddress_OfANode_IsItsMac()
    {
        var answer = await Wire.WhoHasAddressAsync(IPAddress.Parse(Lb1.Host), ["lb1"], Cancellation);

        Assert.NotNull(answer);
        Assert.Equal([await VirtualIps.MacAsync(Lb1, "eth0", Cancellation)], answer.Macs);
    }

    [Fact]
    public async Task Connections_NobodyConnected_IsZero()
    {
        var vip = Fleet.Vip("public");
        await VirtualIps.AddAsync(Lb1, vip, Cancellation);

        Assert.Equal(0, await VirtualIps.ConnectionsAsync(Lb1, vip, Cancellation));
    }

    private async Task<IReadOnlyList<HeldAddress>> HeldAsync(Node node, VirtualIp vip) =>
        [.. (await VirtualIps.ReadAsync(node, Cancellation)).Where(a => IPAddress.Parse(a.Address).Equals(vip.Address))];
}
