using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LbRunbook.Load;

internal readonly record struct Answer(string ServedBy, bool Reusable);

/// <summary>One client connection, one request at a time; just enough HTTP/1.1 for the lab.</summary>
internal sealed class Connection(IPEndPoint target) : IDisposable
{
    private readonly Socket _socket = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];

    public bool Used { get; private set; }

    /// <exception cref="IOException">The connection ended before the answer did, or it is no success.</exception>
    public async Task<Answer> GetAsync(string path, CancellationToken cancellation, bool close = false, Action? onHead = null)
    {
        if (!Used)
            await _socket.ConnectAsync(target, cancellation);
        Used = true;
        var request = $"GET {path} HTTP/1.1\r\nHost: lab.example.com\r\n{(close ? "Connection: close\r\n" : "")}\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellation);

        var filled = 0;
        int end;
        while ((end = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            filled += await ReceiveAsync(_buffer.AsMemory(filled), filled == 0 ? "closed before the answer" : "closed in the answer",
                cancellation);
        onHead?.Invoke();
        var head = Encoding.ASCII.GetString(_buffer, 0, end).Split("\r\n");
        if (!head[0].StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            throw new IOException(head[0]);
        var left = long.Parse(Header(head, "content-length") ?? "0", CultureInfo.InvariantCulture) - (filled - end - 4);
        while (left > 0)
            left -= await ReceiveAsync(_buffer, "closed in the answer", cancellation);
        return new(Header(head, "x-served-by") ?? "?", !close && Header(head, "connection") is not "close");
    }

    private async Task<int> ReceiveAsync(Memory<byte> into, string onEnd, CancellationToken cancellation)
    {
        var count = await _socket.ReceiveAsync(into, cancellation);
        return count > 0 ? count : throw new IOException(onEnd);
    }

    private static string? Header(string[] head, string name) =>
        head.Skip(1).Select(l => l.Split(':', 2)).FirstOrDefault(p => p[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim();

    public void Dispose() => _socket.Dispose();
}
