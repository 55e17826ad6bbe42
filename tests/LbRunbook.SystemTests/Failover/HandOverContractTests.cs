using System.Net;
using LbRunbook.Adapters;
using LbRunbook.Core.Config;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Journal;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using LbRunbook.TestKit.Contracts;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>The script on real nodes, over SSH.</summary>
[Collection(SharedLab.Name)]
public sealed class HandOverContractTests : HandOverContract, IAsyncLifetime
{
    private readonly LabFixture _lab;
    private Fleet? _fleet;
    private AdapterSet? _adapters;

    public HandOverContractTests(LabFixture lab) => _lab = lab;

    protected override Fleet Fleet => _fleet!;
    protected override IHandOver HandOver => _adapters!.HandOver;
    protected override IVirtualIps VirtualIps => _adapters!.VirtualIps;

    public async ValueTask InitializeAsync()
    {
        (await Operator.AtAsync(_lab)).Dispose();
        _fleet = ConfigLoader.Load(_lab.Config).Fleet!;
        _adapters = AdapterSet.Open(_fleet, new CircuitStore(OwnState.Paths));
    }

    public async ValueTask DisposeAsync()
    {
        if (_adapters is null)
            return;
        foreach (var node in Fleet.Nodes)
            await HandOver.EndAsync(node, "contract1", CancellationToken.None);
        await _adapters.DisposeAsync();
    }

    protected override IPAddress OwnAddress(string node, bool ipv6)
    {
        var host = _lab.State.FindHost(node)!;
        return IPAddress.Parse(ipv6 ? _lab.Addresses.V6(host.Number) : _lab.Addresses.V4(host.Number));
    }
}
