using System.Collections.Concurrent;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// The OpenSSH client as a child process: it brings ssh_config, agents, hardware keys, certificates and jump hosts along.
/// </summary>
internal sealed class OpenSshShell : IRemoteShell, IAsyncDisposable
{
    /// <summary>A next lbctl within this time finds the login done; nobody keeps a root login open for longer than it is of use.</summary>
    public static readonly TimeSpan DefaultPersist = TimeSpan.FromSeconds(60);

    // sshd allows 10 sessions a connection by default; above that ssh would silently log in anew for each command.
    private const int SessionsPerHost = 8;

    private readonly ConcurrentDictionary<string, Connection> _connections = new();
    private readonly CancellationTokenSource _shutdown = new();
    private readonly string? _directory;
    private readonly TimeSpan _persist;
    private int _disposed;

    private OpenSshShell(string? directory, TimeSpan persist)
    {
        _directory = directory;
        _persist = persist;
    }

    private sealed record Connection(SshMaster Master, SemaphoreSlim Sessions, ConcurrentDictionary<string, RemoteSocket> Sockets);

    /// <param name="runtimeDirectory">Usually <see cref="RuntimeDirectory.Default"/>. Where it cannot be made ours alone, connections are
    /// not shared.</param>
    public static OpenSshShell Create(string runtimeDirectory, TimeSpan? persist = null) =>
        new(RuntimeDirectory.TryPrepare(runtimeDirectory) ? Path.GetFullPath(runtimeDirectory) : null, persist ?? DefaultPersist);

    public async Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation)
    {
        var connection = ConnectionOf(host);
        await connection.Sessions.WaitAsync(cancellation);
        try
        {
            return await RunAsync(host, command, connection.Master, cancellation);
        }
        finally
        {
            connection.Sessions.Release();
        }
    }

    public async Task<string> ExchangeAsync(
        RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation)
    {
        var connection = ConnectionOf(host);
        var socket = connection.Sockets.GetOrAdd(socketPath, path => new RemoteSocket(this, connection.Master, path));
        return await socket.ExchangeAsync(host, request, timeout, cancellation);
    }

    /// <summary>Ends the shared connections now instead of leaving them to the next call.</summary>
    public async Task CloseAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.Master.CloseAsync();
            foreach (var socket in connection.Sockets.Values)
                socket.Forget();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await _shutdown.CancelAsync();
        foreach (var connection in _connections.Values)
        {
            foreach (var socket in connection.Sockets.Values)
                socket.Dispose();
        }
        // Nobody waits for anything any more but the end.
        if (_directory is not null)
            RuntimeLeftovers.Remove(_directory, DateTime.UtcNow);
        // Neither the token source nor the semaphores are disposed: a call that ignored its cancellation may still touch them.
    }

    private Connection ConnectionOf(RemoteHost host) =>
        _connections.GetOrAdd(
            SshMaster.Identity(host),
            _ => new(new SshMaster(host, _directory, _persist, _shutdown.Token), new SemaphoreSlim(SessionsPerHost), new()));

    private static async Task<RemoteResult> RunAsync(
        RemoteHost host, RemoteCommand command, SshMaster master, CancellationToken cancellation)
    {
        if (await master.EnsureAsync(command.Name, cancellation))
        {
            if (await SshSession.RunSharedAsync(host, command, master, cancellation) is { } result)
                return result;
            // Nothing ran. Either the connection broke and a new login tells how things are, or sshd gives it no more sessions.
            var again = !await master.AnswersAsync(cancellation) && await master.EnsureAsync(command.Name, cancellation);
            if (again && await SshSession.RunSharedAsync(host, command, master, cancellation) is { } second)
                return second;
        }
        return await SshSession.RunSingleAsync(host, command, cancellation);
    }
}
