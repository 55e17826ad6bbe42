using System.Buffers.Binary;
using System.Net;

namespace LbRunbook.Adapters.Wire;

/// <summary>An ARP question in an Ethernet frame, and who answers it.</summary>
internal static class ArpFrame
{
    public const ushort EtherType = 0x0806;
    private const int Length = 42;

    /// <summary>The sender address is 0.0.0.0 (RFC 5227): the question teaches nobody a mapping.</summary>
    public static byte[] Question(ReadOnlySpan<byte> mac, IPAddress target)
    {
        var frame = new byte[Length];
        var span = frame.AsSpan();
        span[..6].Fill(0xff);
        mac.CopyTo(span[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(span[12..], EtherType);
        BinaryPrimitives.WriteUInt16BigEndian(span[14..], 1); // Ethernet
        BinaryPrimitives.WriteUInt16BigEndian(span[16..], 0x0800); // IPv4
        span[18] = 6;
        span[19] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(span[20..], 1); // request
        mac.CopyTo(span[22..]);
        target.TryWriteBytes(span[38..], out _);
        return frame;
    }

    /// <summary>The MAC that claims the address in this frame, a reply or an announcement; null = something else.</summary>
    public static byte[]? Answerer(ReadOnlySpan<byte> frame, IPAddress target)
    {
        Span<byte> wanted = stackalloc byte[4];
        target.TryWriteBytes(wanted, out _);
        return frame.Length >= Length && BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == EtherType
            && frame.Slice(28, 4).SequenceEqual(wanted)
            ? frame.Slice(22, 6).ToArray()
            : null;
    }
}
