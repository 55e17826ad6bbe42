using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

internal sealed class FakeVirtualIps(FakeFleet fleet) : IVirtualIps
{
    public Task<IReadOnlyList<HeldAddress>> ReadAsync(Node node, CancellationToken cancellation) =>
        fleet.OnNodeAsync<IReadOnlyList<HeldAddress>>("vip.read", node, null, n => [.. n.Addresses], [], cancellation);

    public Task AddAsync(Node node, VirtualIp vip, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vip.add", node, vip.Name, n =>
        {
            if (!n.Addresses.Any(a =>
                FakeFleet.Same(a.Address, vip.Address) && a.PrefixLength == vip.PrefixLength && a.Interface == vip.InterfaceOn(node)))
                n.Give(vip);
            return true;
        }, true, cancellation);

    public Task RemoveAsync(Node node, VirtualIp vip, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vip.remove", node, vip.Name,
            n => n.Addresses.RemoveAll(a => !a.Silent && FakeFleet.Same(a.Address, vip.Address)), 0, cancellation);

    public Task QuietAsync(Node node, VirtualIp vip, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vip.quiet", node, vip.Name, _ => true, true, cancellation);

    public Task AnnounceAsync(Node node, VirtualIp vip, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vip.announce", node, vip.Name, n =>
        {
            if (!n.Holds(vip))
                throw new AdapterException(node.Name, "announce", $"{node.Name} does not hold {vip.Address}, so it was not announced");
            if (n.OnWire)
                fleet.ClientNeighbours[vip.Address] = n.Mac;
            return true;
        }, true, cancellation);

    public Task<string> MacAsync(Node node, string interfaceName, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vip.mac", node, interfaceName, n => n.Mac, "00:00:00:00:00:00", cancellation);

    public Task<bool> ListensAsync(Node node, VirtualIp vip, int port, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vip.listens", node, vip.Name, n => n.ServiceActive && n.Listens, true, cancellation);

    public Task<int> SessionsAsync(Node node, int port, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vip.sessions", node, $"{port}", n => n.DirectSessions
            + fleet.Fleet.Vips.Where(n.Holds).Sum(v => n.Connections.GetValueOrDefault(v.Name)), 0, cancellation);

    public Task<int> ConnectionsAsync(Node node, VirtualIp vip, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vip.connections", node, vip.Name, n => n.Connections.GetValueOrDefault(vip.Name), 0, cancellation);
}
