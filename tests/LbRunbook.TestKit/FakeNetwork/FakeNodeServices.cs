using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

internal sealed class FakeNodeServices(FakeFleet fleet) : INodeServices
{
    public Task<ServiceState> ReadAsync(ServiceHost node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("service.read", node, null, State, new(true, true, "running", 1), cancellation);

    public Task StartAsync(ServiceHost node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("service.start", node, null, n => n.ServiceActive = true, true, cancellation);

    public Task StopAsync(ServiceHost node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("service.stop", node, null, n => n.ServiceActive = n.Closing = false, false, cancellation);

    public Task SetEnabledAsync(ServiceHost node, bool enabled, CancellationToken cancellation) =>
        fleet.OnNodeAsync(enabled ? "service.enable" : "service.disable", node, null, n =>
        {
            if (n.ServiceEnabled is not null)
                n.ServiceEnabled = enabled;
            return true;
        }, true, cancellation);

    private static ServiceState State(FakeNode node) =>
        new(node.ServiceActive, node.ServiceEnabled, node.ServiceActive ? "running" : "dead", node.ServiceActive ? 4242 : 0);
}
