using System.Net.Sockets;

namespace LbRunbook.Adapters.Checks;

/// <summary>Socket errors in the words that an operator would use.</summary>
internal static class SocketFailure
{
    public static string Describe(SocketException error, string host) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.ConnectionReset => "connection reset",
        SocketError.TimedOut => "connection timed out",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"cannot resolve {host}",
        SocketError.AccessDenied => "blocked by a local firewall",
        _ => error.Message,
    };
}
