using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit.Contracts;
using LbRunbook.TestKit.FakeNetwork;

namespace LbRunbook.Tests.TestKit;

public sealed class FakePoliteClosingContractTests : PoliteClosingContract
{
    private readonly FakeFleet _world = new(SampleFleet.TwoNodes());

    private Node Node => _world["lb1"].Node;
    protected override IPoliteClosing Closing => _world.Balancer("lb1").Closing;

    protected override Task RunAsync(bool run) =>
        run ? _world.Services.StartAsync(Node, CancellationToken.None) : _world.Services.StopAsync(Node, CancellationToken.None);
}
