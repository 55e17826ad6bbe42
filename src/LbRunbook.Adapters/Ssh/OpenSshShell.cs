using System.Collections.Concurrent;
using LbRunbook.Adapters.Processes;

namespace LbRunbook.Adapters.Ssh;

/// <summary>The OpenSSH client as a child process: it brings ssh_config, agents, hardware keys, certificates and jump hosts along.</summary>
internal sealed class OpenSshShell : IRemoteShell, IAsyncDisposable
{
    /// <summary>A next lbctl within this time finds the login done; nobody keeps a root login open for longer than it is of use.</summary>
    public static readonly TimeSpan DefaultPersist = TimeSpan.FromSeconds(60);

    // sshd allows 10 sessions a connection by default; above that ssh would silently log in anew for each command.
    private const int SessionsPerHost = 8;
    private static readonly TimeSpan KillPatience = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, Connection> _connections = new();
    private readonly CancellationTokenSource _shutdown = new();
    private readonly string? _directory;
    private readonly TimeSpan _persist;

    private OpenSshShell(string? directory, TimeSpan persist)
    {
        _directory = directory;
        _persist = persist;
    }

    private sealed record Connection(SshMaster Master, SemaphoreSlim Sessions, ConcurrentDictionary<string, RemoteSocket> Sockets);

    /// <param name="runtimeDirectory">Usually <see cref="RuntimeDirectory.Default"/>. Where it cannot be made ours alone, connections are not shared.</param>
    public static OpenSshShell Create(string runtimeDirectory, TimeSpan? persist = null) =>
        new(RuntimeDirectory.TryPrepare(runtimeDirectory) ? Path.GetFullPath(runtimeDirectory) : null, persist ?? DefaultPersist);

    public async Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation)
    {
        var connection = ConnectionOf(host);
        await connection.Sessions.WaitAsync(cancellation);
        try
        {
            var shared = await connection.Master.EnsureAsync(command.Name, cancellation);
            return await RunAsync(host, command, connection.Master, shared, cancellation);
        }
        finally
        {
            connection.Sessions.Release();
        }
    }

    public async Task<string> ExchangeAsync(RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation)
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
        await _shutdown.CancelAsync();
        foreach (var connection in _connections.Values)
        {
            foreach (var socket in connection.Sockets.Values)
                socket.Dispose();
            connection.Sessions.Dispose();
        }
        _shutdown.Dispose();
    }

    private Connection ConnectionOf(RemoteHost host) =>
        _connections.GetOrAdd(
            SshMaster.Identity(host),
            _ => new(new SshMaster(host, _directory, _persist, _shutdown.Token), new SemaphoreSlim(SessionsPerHost), new()));

    private static async Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, SshMaster master, bool shared, CancellationToken cancellation)
    {
        var timeout = command.Timeout ?? host.Ssh.CommandTimeout;
        var line = RemoteCommandLine.Build(command, host.Ssh, timeout);
        var stamp = master.Stamp;
        var spec = new ProcessSpec(SshArguments.Program, SshArguments.Command(host, shared ? master.ControlPath : null, line))
        {
            StandardInput = command.StandardInput,
            WriteInput = command.WriteInput,
            Timeout = shared ? timeout : timeout + host.Ssh.ConnectTimeout,
            OutputLimit = command.OutputLimit,
            Environment = SshArguments.Environment,
        };
        ProcessResult result;
        try
        {
            result = await ChildProcess.RunAsync(spec, cancellation);
        }
        catch (ProcessCanceledException canceled)
        {
            if (shared && RemoteCommandLine.Began(canceled.Partial.Error).ProcessId is { } processId)
                await KillAsync(host, command, master, processId);
            throw;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw SshFailure.NoClient(host, command.Name, exception);
        }
        var (began, error) = RemoteCommandLine.Began(result.Error);
        if (result.TimedOut)
        {
            // The host may be frozen: who comes next must not wait on this connection.
            if (shared)
                await master.DropAsync();
            throw shared || began is not null
                ? SshFailure.CommandTimedOut(host, command.Name, timeout)
                : SshFailure.ConnectTimedOut(host, command.Name, spec.Timeout);
        }
        if (began is null)
        {
            throw result.ExitCode == 255 && error.Length == 0 && shared ? SshFailure.ConnectionLost(host, command.Name)
                : (command.AsRoot ? SshFailure.OfSudo(host, command.Name, error) : null) ?? SshFailure.Of(host, command.Name, error);
        }
        // 255 is also what a command may end with; it is ssh's when the connection is not there any more.
        if (result.ExitCode == 255 && (shared ? master.Stamp != stamp || !await master.AnswersAsync(cancellation) : SshFailure.IsConnectionLost(error)))
            throw SshFailure.ConnectionLost(host, command.Name);
        return new(result.ExitCode, result.Output, error, result.Took) { Truncated = result.Truncated };
    }

    /// <summary>ssh does not pass our signals on without a terminal. Best effort: the bound on the remote side ends it in any case.</summary>
    private static async Task KillAsync(RemoteHost host, RemoteCommand command, SshMaster master, int processId)
    {
        var kill = RemoteCommandLine.Kill(processId, command.AsRoot, host.Ssh);
        await ChildProcess.RunAsync(
            new(SshArguments.Program, SshArguments.Command(host, master.ControlPath, kill)) { Timeout = KillPatience, Environment = SshArguments.Environment },
            CancellationToken.None);
    }
}
