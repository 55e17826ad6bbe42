using System.Buffers.Binary;
using System.Net.Sockets;

namespace LbRunbook.Adapters.Ssh;

/// <summary>Asks a control socket whether a master lives behind it: microseconds, where <c>ssh -O check</c> costs a process.</summary>
internal static class MuxSocket
{
    private const int HelloMessage = 1;

    // A master that is alive greets at once; a stopped process accepts (its kernel does) and stays silent.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public static async Task<bool> AnswersAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var header = new byte[8];
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
            for (var filled = 0; filled < header.Length;)
            {
                var count = await socket.ReceiveAsync(header.AsMemory(filled), limit.Token);
                if (count == 0)
                    return false;
                filled += count;
            }
            return BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)) == HelloMessage;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }
}
