using System.Net.Sockets;

namespace LbRunbook.Adapters.Checks;

/// <summary>Healthy = the handshake completes.</summary>
internal static class TcpChecker
{
    public static async Task<Verdict> RunAsync(string host, int port, CancellationToken limit)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, limit);
            return new(true, $"port {port} accepts connections");
        }
        catch (SocketException e)
        {
            return new(false, SocketFailure.Describe(e, host));
        }
    }
}
