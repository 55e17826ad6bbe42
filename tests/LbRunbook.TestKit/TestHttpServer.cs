using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LbRunbook.TestKit;

/// <summary>What the server does with the next request.</summary>
internal enum Serving
{
    Answer,
    AnswerChunked,

    /// <summary>No length: the body ends with the connection.</summary>
    AnswerUntilClose,

    /// <summary>Reads the request and says nothing.</summary>
    Hang,
    Reset,

    /// <summary>Promises more than it sends.</summary>
    CloseEarly,
    Garbage,
}

/// <summary>An HTTP server on loopback that misbehaves on request.</summary>
internal sealed class TestHttpServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _accepting = [];
    private readonly IPAddress _address;
    private Socket? _listener;
    private int _connections;
    private int _requests;

    public TestHttpServer(IPAddress? address = null)
    {
        _address = address ?? IPAddress.Loopback;
        Listen();
    }

    public int Port { get; private set; }
    public Uri Uri => new($"http://{new IPEndPoint(_address, Port)}/");
    public Serving Serving { get; set; } = Serving.Answer;
    public int Status { get; set; } = 200;
    public string? ServedBy { get; set; } = "lb1";
    public string Body { get; set; } = "web1\nsecond line\n";
    public TimeSpan Delay { get; set; }
    public bool KeepAlive { get; set; }
    public int Connections => Volatile.Read(ref _connections);
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Requests wait until the task is done, then all are answered.</summary>
    public Task Stalled { get; set; } = Task.CompletedTask;

    public void StopListening() => _listener?.Dispose();

    /// <summary>Again on the same port.</summary>
    public void Listen()
    {
        _listener = new(_address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(_address, Port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting.Add(AcceptAsync(_listener));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener?.Dispose();
        await Task.WhenAll(_accepting);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Stopped listening.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                var buffer = new byte[4096];
                do
                {
                    if (!await ReadRequestAsync(client, buffer))
                        return;
                    Interlocked.Increment(ref _requests);
                    await Stalled.WaitAsync(_stop.Token);
                    if (Delay > TimeSpan.Zero)
                        await Task.Delay(Delay, _stop.Token);
                    await AnswerAsync(client);
                }
                while (KeepAlive);
                client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The client left, or the test is over.
            }
        }
    }

    private async Task<bool> ReadRequestAsync(Socket client, byte[] buffer)
    {
        var length = 0;
        while (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var count = await client.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
            if (count == 0)
                return false;
            length += count;
        }
        return true;
    }

    private async Task AnswerAsync(Socket client)
    {
        var head = $"HTTP/1.1 {Status} Status\r\n{(ServedBy is null ? "" : $"X-Served-By: {ServedBy}\r\n")}"
            + $"{(KeepAlive ? "" : "Connection: close\r\n")}";
        switch (Serving)
        {
            case Serving.Hang:
                await Task.Delay(Timeout.Infinite, _stop.Token);
                break;
            case Serving.Reset:
                client.LingerState = new(enable: true, seconds: 0);
                client.Dispose();
                break;
            case Serving.CloseEarly:
                await SendAsync(client, $"{head}Content-Length: 1000\r\n\r\nnot all");
                client.Dispose();
                break;
            case Serving.Garbage:
                await SendAsync(client, "SSH-2.0-OpenSSH_9.2\r\n");
                break;
            case Serving.AnswerChunked:
                await SendAsync(client, $"{head}Transfer-Encoding: chunked\r\n\r\n{Body.Length:x};extension\r\n");
                await SendAsync(client, $"{Body}\r\n0\r\n\r\n");
                break;
            case Serving.AnswerUntilClose:
                await SendAsync(client, $"{head}\r\n{Body}");
                break;
            default:
                await SendAsync(client, $"{head}Content-Length: {Body.Length}\r\n\r\n{Body}");
                break;
        }
    }

    private async Task SendAsync(Socket client, string text) =>
        await client.SendAsync(Encoding.ASCII.GetBytes(text), _stop.Token);
}
