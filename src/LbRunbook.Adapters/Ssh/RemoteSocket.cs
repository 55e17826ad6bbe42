using System.Net.Sockets;
using System.Text;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// One UNIX socket of a host, seen through the shared connection: a local socket that the master forwards, and one
/// connection to it an exchange. Where the login may not open the socket, socat or nc do it there, as root.
/// </summary>
internal sealed class RemoteSocket(IRemoteShell shell, SshMaster master, string path) : IDisposable
{
    private const int AnswerLimit = 16 * 1024 * 1024;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lazy<ConnectGuard> _guard = new(() => new(TimeProvider.System));
    private readonly string _local = master.LocalSocket(path);
    private int _forwardedIn = -1;
    private bool _needsTool;

    /// <summary>A daemon that hangs is not asked by everybody who polls, each for as long as they have patience.</summary>
    public Task<string> ExchangeAsync(RemoteHost host, string request, TimeSpan timeout, CancellationToken cancellation) =>
        _guard.Value.RunAsync(token => TryExchangeAsync(host, request, timeout, token), cancellation);

    private async Task<string> TryExchangeAsync(RemoteHost host, string request, TimeSpan timeout, CancellationToken cancellation)
    {
        // ssh splits a forward at colons.
        if (_needsTool || path.Contains(':', StringComparison.Ordinal) || !await master.EnsureAsync("socket " + path, cancellation))
            return await SocketTool.ExchangeAsync(shell, host, path, request, timeout, cancellation);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            if (await TryForwardedAsync(request, limit.Token) is { } answer)
                return answer;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await master.DropAsync();
            // What was forwarded may outlive its master: who comes next must not wait on it, either.
            Forget();
            throw new AdapterException(host.Name, "socket " + path,
                $"{path} on {SshFailure.Label(host)} did not answer within {timeout.TotalSeconds:0.###} s.", Reach.TimedOut,
                isTransient: true);
        }
        var viaTool = await SocketTool.ExchangeAsync(shell, host, path, request, timeout, cancellation);
        _needsTool = true;
        return viaTool;
    }

    /// <summary>After the connections were closed.</summary>
    public void Forget()
    {
        _forwardedIn = -1;
        File.Delete(_local);
    }

    public void Dispose() => _gate.Dispose();

    /// <returns>null when the request certainly did not reach the socket, so that it may be sent another way.</returns>
    private async Task<string?> TryForwardedAsync(string request, CancellationToken cancellation)
    {
        // From before the connection: the master goes on to the other end as soon as it accepts ours, and may have failed there already.
        var heard = master.LogLength;
        using var socket = await ConnectAsync(cancellation);
        if (socket is null)
            return null;
        var answer = new MemoryStream();
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(request), cancellation);
            // No half-close: haproxy takes it as the end of the session and drops what it has not answered yet.
            var buffer = new byte[65536];
            int count;
            while ((count = await socket.ReceiveAsync(buffer, cancellation)) > 0)
            {
                answer.Write(buffer, 0, count);
                if (answer.Length > AnswerLimit)
                    throw new AdapterException("", "socket " + path,
                        $"The answer of {path} is longer than {AnswerLimit / 1024 / 1024} MiB.");
            }
        }
        catch (SocketException) when (answer.Length == 0)
        {
            // The master hung up on us; its log says whether it had reached the socket.
        }
        var refused = answer.Length == 0 && master.ReadLog(heard).Contains("open failed", StringComparison.Ordinal);
        return refused ? null : Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }

    private async Task<Socket?> ConnectAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            // The forward of an earlier process is as good as ours, unless we gave that connection up ourselves.
            if (_forwardedIn == master.Generation || _forwardedIn == -1)
            {
                if (await TryConnectAsync(cancellation) is { } ready)
                {
                    _forwardedIn = master.Generation;
                    return ready;
                }
            }
            var forward = $"{_local}:{path}";
            var asked = await master.ControlAsync("forward", cancellation, "-L", forward);
            var socket = asked.Ok ? await TryConnectAsync(cancellation) : null;
            if (socket is null && asked.Ok)
            {
                // The master believes that it still has this forward, but somebody removed the file.
                await master.ControlAsync("cancel", cancellation, "-L", forward);
                asked = await master.ControlAsync("forward", cancellation, "-L", forward);
                socket = asked.Ok ? await TryConnectAsync(cancellation) : null;
            }
            _forwardedIn = socket is null ? -1 : master.Generation;
            return socket;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Socket?> TryConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_local), cancellation);
            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is SocketException)
                return null;
            throw;
        }
    }
}
