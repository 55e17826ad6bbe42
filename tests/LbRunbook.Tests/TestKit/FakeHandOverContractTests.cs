using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit.Contracts;
using LbRunbook.TestKit.FakeNetwork;

namespace LbRunbook.Tests.TestKit;

public sealed class FakeHandOverContractTests : HandOverContract
{
    private readonly Fleet _fleet = SampleFleet.TwoNodes(withIPv6: true);
    private readonly FakeFleet _world;

    public FakeHandOverContractTests()
    {
        _world = new(_fleet);
        _world["lb1"].Addresses.Add(new("eth0", "fd00::11", 64));
    }

    protected override Fleet Fleet => _fleet;
    protected override IHandOver HandOver => _world.HandOver;
    protected override IVirtualIps VirtualIps => _world.VirtualIps;

    protected override IPAddress OwnAddress(string node, bool ipv6) => IPAddress.Parse(ipv6 ? "fd00::11" : _fleet.Node(node).Host);
}
