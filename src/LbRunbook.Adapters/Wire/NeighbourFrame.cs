using System.Buffers.Binary;
using System.Net;

namespace LbRunbook.Adapters.Wire;

/// <summary>An IPv6 neighbour solicitation in an Ethernet frame, and who advertises the address.</summary>
internal static class NeighbourFrame
{
    public const ushort EtherType = 0x86dd;
    private const int Ip = 14;
    private const int Icmp = Ip + 40;
    private const byte Icmpv6 = 58;
    private const byte Solicitation = 135;
    private const byte Advertisement = 136;

    /// <param name="source">Link-local address; :: works, but its answers are multicast and move other hosts' caches.</param>
    /// <param name="target">Whom we look for.</param>
    public static byte[] Question(ReadOnlySpan<byte> mac, IPAddress source, IPAddress target)
    {
        var withOption = !source.Equals(IPAddress.IPv6Any);
        var frame = new byte[Icmp + 24 + (withOption ? 8 : 0)];
        var span = frame.AsSpan();
        Span<byte> wanted = stackalloc byte[16];
        target.TryWriteBytes(wanted, out _);

        // Solicited-node multicast: only holders of an address with the same last three bytes look at it.
        (span[0], span[1], span[2]) = (0x33, 0x33, 0xff);
        wanted[13..].CopyTo(span[3..]);
        mac.CopyTo(span[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(span[12..], EtherType);

        span[Ip] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(span[(Ip + 4)..], (ushort)(frame.Length - Icmp));
        span[Ip + 6] = Icmpv6;
        span[Ip + 7] = 255; // anything less has crossed a router, and is ignored
        source.TryWriteBytes(span[(Ip + 8)..], out _);
        (span[Ip + 24], span[Ip + 25], span[Ip + 35], span[Ip + 36]) = (0xff, 0x02, 0x01, 0xff);
        wanted[13..].CopyTo(span[(Ip + 37)..]);

        span[Icmp] = Solicitation;
        wanted.CopyTo(span[(Icmp + 8)..]);
        if (withOption)
        {
            (span[Icmp + 24], span[Icmp + 25]) = (1, 1);
            mac.CopyTo(span[(Icmp + 26)..]);
        }
        BinaryPrimitives.WriteUInt16BigEndian(span[(Icmp + 2)..], Checksum(span[(Ip + 8)..]));
        return frame;
    }

    /// <summary>The MAC that advertises the address in this frame; null = something else.</summary>
    public static byte[]? Answerer(ReadOnlySpan<byte> frame, IPAddress target)
    {
        Span<byte> wanted = stackalloc byte[16];
        target.TryWriteBytes(wanted, out _);
        if (frame.Length < Icmp + 24 || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != EtherType
            || frame[Ip + 6] != Icmpv6 || frame[Icmp] != Advertisement || !frame.Slice(Icmp + 8, 16).SequenceEqual(wanted))
            return null;
        var hasOption = frame.Length >= Icmp + 32 && frame[Icmp + 24] == 2;
        return frame.Slice(hasOption ? Icmp + 26 : 6, 6).ToArray();
    }

    /// <summary>Over both addresses, the pseudo header's length and protocol, and the message.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> fromSource)
    {
        uint sum = (uint)(fromSource.Length - 32) + Icmpv6;
        for (var i = 0; i < fromSource.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(fromSource[i..]);
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
