using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit.Contracts;
using LbRunbook.TestKit.FakeNetwork;

namespace LbRunbook.Tests.TestKit;

public sealed class FakeVirtualIpContractTests : VirtualIpContract
{
    private readonly FakeFleet _fake = new(SampleFleet.TwoNodes(withIPv6: true));

    protected override Fleet Fleet => _fake.Fleet;
    protected override IVirtualIps VirtualIps => _fake.VirtualIps;
    protected override IWire Wire => _fake.Wire;

    public override ValueTask InitializeAsync()
    {
        // The contract starts with VIPs nowhere.
        foreach (var vip in Fleet.Vips)
            _fake["lb1"].Addresses.RemoveAll(a => a.Address == vip.Address.ToString());
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override Task GiveAsync(Node node, IPAddress address, int prefixLength)
    {
        _fake[node.Name].Addresses.Add(new("eth0", address.ToString(), prefixLength));
        return Task.CompletedTask;
    }
}
