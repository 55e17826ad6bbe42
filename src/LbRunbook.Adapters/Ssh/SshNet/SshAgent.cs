using System.Buffers.Binary;
using System.IO.Pipes;
using System.Net.Sockets;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// The program that holds keys and signs with them; they never leave it. Source: the agent protocol, draft-ietf-sshm-ssh-agent. It blocks:
/// the login that asks has a thread of its own.
/// </summary>
internal sealed class SshAgent(string path)
{
    private const byte ListKeys = 11, Keys = 12, Sign = 13, Signature = 14;
    private const uint RsaSha512 = 4;
    private const int LongestAnswer = 256 * 1024;

    /// <summary>An agent that is alive lists its keys at once. A signature may wait for a finger on a hardware key.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>The keys' public bytes; none when nobody answers.</returns>
    public IReadOnlyList<byte[]> PublicKeys()
    {
        if (Ask([ListKeys], Patience) is not [Keys, .. var answer])
            return [];
        var reader = new WireReader(answer);
        List<byte[]> keys = [];
        for (var left = reader.Number(); left > 0 && reader.Bytes() is { } key; left--)
        {
            keys.Add(key);
            reader.Bytes();
        }
        return keys;
    }

    /// <returns>null when it refuses: the key is gone, or its owner said no.</returns>
    public byte[]? SignWith(byte[] key, byte[] data, bool rsa, TimeSpan patience)
    {
        var request = new MemoryStream();
        request.WriteByte(Sign);
        WireReader.Put(request, key);
        WireReader.Put(request, data);
        WireReader.Put(request, rsa ? RsaSha512 : 0);
        return Ask(request.ToArray(), patience) is [Signature, .. var signature] ? new WireReader(signature).Bytes() : null;
    }

    private byte[]? Ask(byte[] request, TimeSpan patience)
    {
        try
        {
            using var stream = Open(patience);
            var message = new MemoryStream();
            WireReader.Put(message, request);
            stream.Write(message.ToArray());
            var length = new byte[4];
            stream.ReadExactly(length);
            var size = BinaryPrimitives.ReadUInt32BigEndian(length);
            if (size is 0 or > LongestAnswer)
                return null;
            var answer = new byte[size];
            stream.ReadExactly(answer);
            return answer;
        }
        catch (Exception exception) when (exception is IOException or SocketException or TimeoutException or UnauthorizedAccessException)
        {
            // No agent any more: the keys in files are still there.
            return null;
        }
    }

    private Stream Open(TimeSpan patience)
    {
        if (OperatingSystem.IsWindows())
        {
            var pipe = new NamedPipeClientStream(".", path[(path.LastIndexOf('\\') + 1)..], PipeDirection.InOut);
            pipe.Connect(patience);
            return pipe;
        }
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)patience.TotalMilliseconds,
            SendTimeout = (int)patience.TotalMilliseconds,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new NetworkStream(socket, ownsSocket: true);
    }
}
