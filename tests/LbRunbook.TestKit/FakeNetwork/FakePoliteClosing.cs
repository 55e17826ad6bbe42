using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>The close maps of the fake network: in the proxy's memory, so that a proxy which does not run has none to ask.</summary>
internal sealed class FakePoliteClosing(FakeFleet fleet, Node node) : IPoliteClosing
{
    public Task<PoliteClosing> ReadAsync(CancellationToken cancellation) =>
        fleet.OnNodeAsync("closing.read", node, null, n => Running(n, new PoliteClosing(n.HasCloseMap, n.Closing)), new(false, false),
            cancellation);

    public Task SetAsync(bool closing, CancellationToken cancellation) =>
        fleet.OnNodeAsync("closing.set", node, closing ? "on" : "off", n => n.Closing = Running(n, closing), closing, cancellation);

    public Task<WorkerRenewal> LookAtRenewalAsync(CancellationToken cancellation) =>
        fleet.OnNodeAsync("proxy.renewal", node, null, n => n.Renewal, new(null, false, null), cancellation);

    public Task RenewWorkersAsync(CancellationToken cancellation) =>
        fleet.OnNodeAsync("proxy.renew", node, null, n => Running(n, true), true, cancellation);

    private static T Running<T>(FakeNode node, T answer) => node is { ServiceActive: true, ProxyAnswers: true }
        ? answer
        : throw new AdapterException(node.Name, "close map", $"the close map of {node.Name}: its admin socket does not answer");
}
