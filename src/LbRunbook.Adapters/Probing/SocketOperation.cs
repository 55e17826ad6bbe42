using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace LbRunbook.Adapters.Probing;

/// <summary>
/// One socket operation at a time, awaited without exceptions: an outage at 200 requests a second would otherwise
/// spend its CPU on stack traces, just when the measurement matters. Reused from request to request.
/// </summary>
internal sealed class SocketOperation : SocketAsyncEventArgs, IValueTaskSource<SocketError>
{
    private ManualResetValueTaskSourceCore<SocketError> _core;

    public SocketOperation() : base(true)
    {
    }

    public ValueTask<SocketError> ConnectAsync(Socket socket, EndPoint endpoint)
    {
        RemoteEndPoint = endpoint;
        SetBuffer(default); // a buffer here would be sent along with the connect
        return Start(socket, static (s, self) => s.ConnectAsync(self));
    }

    public ValueTask<SocketError> SendAsync(Socket socket, ReadOnlyMemory<byte> data)
    {
        SetBuffer(System.Runtime.InteropServices.MemoryMarshal.AsMemory(data));
        return Start(socket, static (s, self) => s.SendAsync(self));
    }

    public ValueTask<SocketError> ReceiveAsync(Socket socket, Memory<byte> into)
    {
        SetBuffer(into);
        return Start(socket, static (s, self) => s.ReceiveAsync(self));
    }

    public SocketError GetResult(short token) => _core.GetResult(token);
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e) => _core.SetResult(SocketError);

    private ValueTask<SocketError> Start(Socket socket, Func<Socket, SocketOperation, bool> operation)
    {
        _core.Reset();
        try
        {
            return operation(socket, this) ? new(this, _core.Version) : new(SocketError);
        }
        catch (ObjectDisposedException)
        {
            return new(System.Net.Sockets.SocketError.OperationAborted); // aborted at its deadline between two operations
        }
    }
}
