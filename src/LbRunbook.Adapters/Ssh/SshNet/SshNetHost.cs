using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>One host: the connection that everybody shares, made when the first needs it and made anew when it is gone.</summary>
internal sealed class SshNetHost(RemoteHost host, CancellationToken shutdown)
{
    private readonly Lock _gate = new();
    private readonly ConnectGuard _guard = new(TimeProvider.System);
    private readonly Dictionary<string, ConnectGuard> _sockets = [];
    private SshNetConnection? _connection;
    private Task<SshNetConnection>? _starting;

    /// <summary>sshd allows 10 sessions a connection by default; one is left for the question whether it still answers.</summary>
    public SemaphoreSlim Sessions { get; } = new(8);

    /// <exception cref="AdapterException">The login failed, for all who wait for it at once.</exception>
    public async Task<SshNetConnection> ConnectAsync(string operation, CancellationToken cancellation)
    {
        Task<SshNetConnection> starting;
        lock (_gate)
        {
            if (_connection is { IsAlive: true } ready)
                return ready;
            if (_starting is null or { IsCompleted: true })
                _starting = Task.Run(() => _guard.RunAsync(_ => LoginAsync(operation), shutdown), shutdown);
            starting = _starting;
        }
        return await starting.WaitAsync(cancellation);
    }

    /// <summary>A daemon that hangs is not asked by everybody who polls, each for as long as they have patience.</summary>
    public ConnectGuard GuardOf(string socket)
    {
        lock (_gate)
        {
            if (!_sockets.TryGetValue(socket, out var guard))
                _sockets[socket] = guard = new(TimeProvider.System);
            return guard;
        }
    }

    /// <summary>Ends the connection and everything on it.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            var connection = _connection;
            _connection = null;
            connection?.Dispose();
            return connection?.Ending ?? Task.CompletedTask;
        }
    }

    private async Task<SshNetConnection> LoginAsync(string operation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        limit.CancelAfter(host.Ssh.ConnectTimeout);
        var login = SshNetLogin.OpenAsync(host, operation, limit.Token);
        try
        {
            var connection = await login.WaitAsync(limit.Token);
            lock (_gate)
            {
                // The one before it is gone, or nobody may begin anything on it any more.
                _connection?.Drop();
                _connection = connection;
            }
            return connection;
        }
        catch (OperationCanceledException) when (!shutdown.IsCancellationRequested)
        {
            // It ends by itself, since none of its waits is longer; what it still brings is not for us.
            _ = login.ContinueWith(late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw SshFailure.ConnectTimedOut(host, operation, host.Ssh.ConnectTimeout);
        }
    }
}
