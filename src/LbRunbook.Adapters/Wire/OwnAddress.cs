using System.Net;
using System.Net.Sockets;

namespace LbRunbook.Adapters.Wire;

/// <summary>Whether an address is this machine's.</summary>
internal static class OwnAddress
{
    private const int DiscardPort = 9;

    /// <summary>Asks the kernel's routes; nothing is sent. Not by binding: with ip_nonlocal_bind every address can be bound.</summary>
    public static bool Is(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(address, DiscardPort);
            return socket.LocalEndPoint is IPEndPoint from
                && from.Address.GetAddressBytes().AsSpan().SequenceEqual(address.GetAddressBytes());
        }
        catch (SocketException)
        {
            // No route: then it is not ours.
            return false;
        }
    }
}
