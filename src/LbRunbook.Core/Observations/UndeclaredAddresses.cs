using System.Net;
using LbRunbook.Core.Model;

namespace LbRunbook.Core.Observations;

/// <summary>
/// Addresses of services that a node carries and the configuration does not name: nobody checks them, and nobody would move them.
/// </summary>
public static class UndeclaredAddresses
{
    /// <returns>In the kernel's order; what its own network or a lease gave to the node is none.</returns>
    public static IReadOnlyList<HeldAddress> Of(Fleet fleet, NodeObservation seen)
    {
        var node = fleet.Nodes.FirstOrDefault(n => n.Name == seen.Node);
        var carriers = Carriers(fleet, seen);
        return
        [
            .. seen.Addresses.Where(held => !held.Silent && IPAddress.TryParse(held.Address, out var address)
                && !fleet.Vips.Any(v => v.Address.Equals(address))
                && node?.Host != held.Address
                && (Elected(seen, address) || IsServices(held, address, carriers))).DistinctBy(h => h.Address),
        ];
    }

    private static bool Elected(NodeObservation seen, IPAddress address) =>
        seen.Keepalived?.Instances.Any(i => i.Carries(address)) == true;

    /// <summary>A network's own address has the network's prefix; one host alone is a service's.</summary>
    private static bool IsServices(HeldAddress held, IPAddress address, HashSet<string> carriers) =>
        held.PrefixLength == (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 128 : 32)
            && held is { Dynamic: false, Global: true } && carriers.Contains(held.Interface);

    /// <summary>
    /// Cards with an address of a network, or with one of ours. The others' single addresses are tunnels', containers', Kubernetes'.
    /// </summary>
    private static HashSet<string> Carriers(Fleet fleet, NodeObservation seen) =>
    [
        .. seen.Addresses.Where(a => a.Global && IPAddress.TryParse(a.Address, out var address)
            && (fleet.Vips.Any(v => v.Address.Equals(address))
                || a.PrefixLength < (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 128 : 32)))
            .Select(a => a.Interface),
    ];
}
