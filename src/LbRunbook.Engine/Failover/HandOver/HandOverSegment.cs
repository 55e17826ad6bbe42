using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Failover.HandOver;

/// <summary>Where two nodes meet on the wire: packets are passed on in a frame, so a router between them is the end of it.</summary>
internal static class HandOverSegment
{
    /// <returns>The address of <paramref name="node"/> that <paramref name="other"/> has on its own subnet; null = they share
    /// none.</returns>
    public static IPAddress? AddressOf(
        Fleet fleet, VirtualIp vip, (Node Node, NodeObservation Seen) node, (Node Node, NodeObservation Seen) other)
    {
        var neighbours = Own(fleet, vip, other).ToList();
        return Own(fleet, vip, node)
            .Where(a => neighbours.Any(n => n.PrefixLength == a.PrefixLength && Subnet(n) == Subnet(a)))
            .Select(a => IPAddress.Parse(a.Address)).FirstOrDefault();
    }

    /// <returns>A reason, or null when TO reaches FROM without a router, by the very MAC that FROM says it has.</returns>
    public static string? WhyApart(HandOverAbility to, IPAddress via, string toName, string fromName, string? mac) =>
        to.Neighbours.GetValueOrDefault(via.ToString()) switch
        {
            null or "none" => $"{toName} finds no neighbour {via} on its segment",
            var said when said == mac => null,
            var said when said.Contains(' ', StringComparison.Ordinal) => $"{toName} does not reach {fromName} directly: {via} {said}",
            var said => $"{toName} reaches {via} at {said}, which is not {fromName} ({mac ?? "MAC unknown"})",
        };

    // A link-local address would need its interface at every use, and a host address says nothing about the segment.
    private static IEnumerable<HeldAddress> Own(Fleet fleet, VirtualIp vip, (Node Node, NodeObservation Seen) of) =>
        of.Seen.Addresses.Where(a => a.Interface == vip.InterfaceOn(of.Node)
            && IPAddress.TryParse(a.Address, out var address) && address.AddressFamily == vip.Address.AddressFamily
            && !address.IsIPv6LinkLocal && a.PrefixLength < address.GetAddressBytes().Length * 8
            && !fleet.Vips.Any(v => v.Address.Equals(address)));

    private static string Subnet(HeldAddress held)
    {
        var bytes = IPAddress.Parse(held.Address).GetAddressBytes();
        for (var bit = held.PrefixLength; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return Convert.ToHexString(bytes);
    }
}
