using System.Buffers.Binary;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>Numbers and strings as SSH writes them: big-endian uint32, and bytes after their length.</summary>
internal sealed class WireReader(byte[] bytes)
{
    private int _at;

    public uint Number()
    {
        if (bytes.Length - _at < 4)
            return 0;
        _at += 4;
        return BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(_at - 4));
    }

    /// <returns>null when there are no more.</returns>
    public byte[]? Bytes()
    {
        if (bytes.Length - _at < 4)
            return null;
        var length = Number();
        if (length > bytes.Length - _at)
            return null;
        _at += (int)length;
        return bytes[(_at - (int)length).._at];
    }

    public static void Put(Stream stream, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        stream.Write(bytes);
    }

    public static void Put(Stream stream, byte[] bytes)
    {
        Put(stream, (uint)bytes.Length);
        stream.Write(bytes);
    }
}
