using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// One connection to a master's control socket, past the greeting. Messages are a length and a type, each a big-endian uint32, then
/// the body. Source: OpenSSH's PROTOCOL.mux, version 4 (since OpenSSH 5.4, of 2010).
/// </summary>
internal sealed class MuxConnection : IDisposable
{
    private const uint Hello = 1;
    private const uint Version = 4;

    // A master says little; a length of any other order is not one.
    private const int LongestMessage = 256 * 1024;

    // A master that is alive greets at once; a stopped process accepts (its kernel does) and stays silent.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private MuxConnection(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    /// <returns>null when no master lives behind <paramref name="path"/>, or one that speaks another version.</returns>
    public static async Task<MuxConnection?> TryOpenAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var connection = new MuxConnection(new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        try
        {
            await connection.Socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
            if (await connection.ReadAsync(limit.Token) is { Length: >= 8 } greeting && Number(greeting, 0) == Hello
                && Number(greeting, 1) == Version)
                return connection;
        }
        catch (SocketException)
        {
            // Nobody, or nobody any more.
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It accepted and is silent.
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        connection.Dispose();
        return null;
    }

    /// <summary>The greeting and the message in one piece: the master takes a whole message at a time.</summary>
    /// <exception cref="SocketException"></exception>
    public async Task SendFirstAsync(byte[] message, CancellationToken cancellation)
    {
        byte[] all = [.. Message(Hello, Version), .. message];
        for (var sent = 0; sent < all.Length;)
            sent += await Socket.SendAsync(all.AsMemory(sent), cancellation);
    }

    /// <returns>The next message: its type, then its body; null when the master hung up.</returns>
    /// <exception cref="OperationCanceledException"></exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellation)
    {
        if (await ReadExactAsync(4, cancellation) is not { } length || Number(length, 0) is < 4 or > LongestMessage)
            return null;
        return await ReadExactAsync((int)Number(length, 0), cancellation);
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>A string is put as its length and its bytes; a truth as 0 or 1.</summary>
    public static byte[] Message(uint type, params object[] fields)
    {
        var body = new MemoryStream();
        Put(body, 0);
        Put(body, type);
        foreach (var field in fields)
        {
            if (field is string text)
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                Put(body, (uint)bytes.Length);
                body.Write(bytes);
            }
            else
            {
                Put(body, field is bool truth ? (truth ? 1u : 0u) : (uint)field);
            }
        }
        var message = body.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(message, (uint)message.Length - 4);
        return message;
    }

    /// <summary>The <paramref name="index"/>-th number of a message; 0 is its type.</summary>
    public static uint Number(byte[] message, int index) =>
        message.Length < 4 * (index + 1) ? 0 : BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4 * index));

    private static void Put(MemoryStream body, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        body.Write(bytes);
    }

    private async Task<byte[]?> ReadExactAsync(int length, CancellationToken cancellation)
    {
        var bytes = new byte[length];
        try
        {
            for (var filled = 0; filled < length;)
            {
                var count = await Socket.ReceiveAsync(bytes.AsMemory(filled), cancellation);
                if (count == 0)
                    return null;
                filled += count;
            }
        }
        catch (SocketException)
        {
            return null;
        }
        return bytes;
    }
}
