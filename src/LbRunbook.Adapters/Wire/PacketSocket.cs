using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LbRunbook.Adapters.Wire;

/// <summary>packet(7): whole Ethernet frames of one type on one interface. Needs root or CAP_NET_RAW.</summary>
internal sealed unsafe partial class PacketSocket : IDisposable
{
    private const int AfPacket = 17;
    private const int SockRaw = 3;
    private const short PollIn = 1;
    private readonly int _descriptor;

    /// <exception cref="Win32Exception">Not allowed, or no such interface.</exception>
    public PacketSocket(int interfaceIndex, ushort etherType)
    {
        var type = BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(etherType) : etherType;
        _descriptor = socket(AfPacket, SockRaw, type);
        if (_descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        var address = new LinkAddress { Family = AfPacket, Protocol = type, InterfaceIndex = interfaceIndex };
        if (bind(_descriptor, &address, sizeof(LinkAddress)) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            Dispose();
            throw new Win32Exception(error);
        }
    }

    public void Send(ReadOnlySpan<byte> frame)
    {
        fixed (byte* start = frame)
        {
            if (send(_descriptor, start, frame.Length, 0) < 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <returns>Bytes read; 0 = nothing came within the time.</returns>
    public int Receive(Span<byte> buffer, TimeSpan within)
    {
        var wait = new PollDescriptor { Descriptor = _descriptor, Events = PollIn };
        if (poll(&wait, 1, Math.Max(1, (int)within.TotalMilliseconds)) <= 0)
            return 0;
        fixed (byte* start = buffer)
            return Math.Max(0, (int)recv(_descriptor, start, buffer.Length, 0));
    }

    public void Dispose() => _ = close(_descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct LinkAddress
    {
        public ushort Family;
        public ushort Protocol;
        public int InterfaceIndex;
        public ushort HardwareType;
        public byte PacketType;
        public byte AddressLength;
        public ulong Address;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int descriptor, LinkAddress* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int descriptor, byte* data, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int descriptor, byte* data, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollDescriptor* descriptors, nuint count, int timeout);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
