using System.Net.Sockets;

namespace LbRunbook.Adapters.Observing;

/// <summary>
/// Does a host's kernel answer TCP on that port? True for an accepted and for a refused connection; false when nothing comes, or an error
/// from the way there. Replaceable in tests.
/// </summary>
internal delegate Task<bool> TcpSign(string host, int port, CancellationToken cancellation);

internal static class TcpSigns
{
    public static async Task<bool> AskAsync(string host, int port, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, cancellation);
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
