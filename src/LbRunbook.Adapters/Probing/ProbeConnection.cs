using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace LbRunbook.Adapters.Probing;

/// <summary>A client connection with its buffer and parser, used for one request at a time and then again.</summary>
internal sealed class ProbeConnection(ProbeTarget target) : IDisposable
{
    private readonly SocketOperation _operation = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly Lock _gate = new();
    private Socket? _socket;
    private SslStream? _tls;
    private long _sequence = -1;
    private bool _expired;

    public HttpResponseReader Response { get; } = new(target.Options.WhoHeader, target.Options.WhoFromBody,
        target.Options.Method == "HEAD");
    public bool IsOpen => _socket is not null;

    /// <summary>The deadline struck while this request was under way.</summary>
    public bool Expired
    {
        get
        {
            lock (_gate)
                return _expired;
        }
    }

    public void Begin(long sequence)
    {
        lock (_gate)
            (_sequence, _expired) = (sequence, false);
    }

    public void End()
    {
        lock (_gate)
            _sequence = -1;
    }

    /// <summary>From the thread that watches deadlines; the pending operation then ends as aborted.</summary>
    public void Expire(long sequence)
    {
        lock (_gate)
        {
            if (_sequence != sequence)
                return;
            _expired = true;
            _socket?.Dispose();
        }
    }

    public async ValueTask<IoResult> OpenAsync()
    {
        Socket socket;
        try
        {
            socket = new(target.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        }
        catch (SocketException e)
        {
            return new(e.SocketErrorCode, 0, e.Message); // no more file descriptors, or no IPv6 here
        }
        lock (_gate)
        {
            _socket = socket;
            if (_expired)
                socket.Dispose();
        }
        return new(await _operation.ConnectAsync(socket, target.EndPoint), 0);
    }

    public async ValueTask<IoResult> HandshakeAsync()
    {
        if (!target.Tls)
            return default;
        _tls = new(new NetworkStream(_socket!, ownsSocket: false));
        var options = new SslClientAuthenticationOptions { TargetHost = target.ServerName };
        if (target.Options.Insecure)
        {
#pragma warning disable CA5359 // Insecure asks for exactly this: a measurement sends no secret
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        return await GuardAsync(async () =>
        {
            await _tls.AuthenticateAsClientAsync(options);
            return 0;
        });
    }

    public async ValueTask<IoResult> SendAsync(ReadOnlyMemory<byte> data)
    {
        if (_tls is { } tls)
        {
            return await GuardAsync(async () =>
            {
                await tls.WriteAsync(data);
                return data.Length;
            });
        }
        while (data.Length > 0)
        {
            var error = await _operation.SendAsync(_socket!, data);
            if (error != SocketError.Success)
                return new(error, 0);
            data = data[_operation.BytesTransferred..];
        }
        return default;
    }

    /// <summary>Reads a piece of the response into the parser; a count of 0 is the end of the stream.</summary>
    public async ValueTask<IoResult> ReceiveAsync()
    {
        IoResult result;
        if (_tls is { } tls)
            result = await GuardAsync(async () => await tls.ReadAsync(_buffer));
        else
            result = new(await _operation.ReceiveAsync(_socket!, _buffer), _operation.BytesTransferred);
        if (result is { Error: SocketError.Success, Count: > 0 })
            Response.Feed(_buffer.AsSpan(0, result.Count));
        return result;
    }

    public void Close()
    {
        lock (_gate)
        {
            _tls?.Dispose();
            _socket?.Dispose();
            (_tls, _socket) = (null, null);
        }
    }

    public void Dispose()
    {
        Close();
        _operation.Dispose();
    }

    private static async ValueTask<IoResult> GuardAsync(Func<Task<int>> operation)
    {
        try
        {
            return new(SocketError.Success, await operation());
        }
        catch (IOException e)
        {
            return new(e.InnerException is SocketException s ? s.SocketErrorCode : SocketError.SocketError, 0, e.Message);
        }
        catch (AuthenticationException e)
        {
            return new(SocketError.SocketError, 0, e.Message);
        }
        catch (ObjectDisposedException)
        {
            return new(SocketError.OperationAborted, 0);
        }
    }
}

internal readonly record struct IoResult(SocketError Error, int Count, string? Detail = null)
{
    public bool Ok => Error == SocketError.Success;
}
