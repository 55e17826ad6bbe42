using System.Collections.Concurrent;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// The client inside this binary, for machines without an ssh and for those whose ssh cannot share a connection (Windows): one login a
/// host and call. Nothing of it outlives the call.
/// </summary>
internal sealed class SshNetShell : IRemoteShell, IAsyncDisposable
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan GoodBye = TimeSpan.FromMilliseconds(500);

    /// <summary>Until another command of ours gives its session back.</summary>
    private static readonly TimeSpan NextSession = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, SshNetHost> _hosts = new();
    private readonly CancellationTokenSource _shutdown = new();

    public async Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation)
    {
        var login = HostOf(host);
        await login.Sessions.WaitAsync(cancellation);
        try
        {
            return await RunAsync(host, command, login, cancellation);
        }
        finally
        {
            login.Sessions.Release();
        }
    }

    /// <summary>The library forwards no UNIX socket: a program there opens it.</summary>
    public Task<string> ExchangeAsync(
        RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation) =>
        HostOf(host).GuardOf(socketPath).RunAsync(
            token => SocketTool.ExchangeAsync(this, host, socketPath, request, timeout, token), cancellation);

    public Task CloseAsync() => Task.WhenAll(_hosts.Values.Select(host => host.CloseAsync()));

    /// <summary>Says good-bye where that takes no time; the end of this process ends the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync();
        await Task.WhenAny(CloseAsync(), Task.Delay(GoodBye));
    }

    private SshNetHost HostOf(RemoteHost host) => _hosts.GetOrAdd(SshMaster.Identity(host), _ => new SshNetHost(host, _shutdown.Token));

    private static async Task<RemoteResult> RunAsync(
        RemoteHost host, RemoteCommand command, SshNetHost login, CancellationToken cancellation)
    {
        var timeout = command.Timeout ?? host.Ssh.CommandTimeout;
        var waited = System.Diagnostics.Stopwatch.StartNew();
        for (var lost = 0; ;)
        {
            var connection = await login.ConnectAsync(command.Name, cancellation);
            if (!connection.TryBegin())
                continue;
            using var session = new SshNetSession(
                connection, RemoteCommandLine.ForLoginShell, RemoteCommandLine.OnInput(command, host.Ssh, timeout));
            try
            {
                return await RunAsync(host, command, connection, session, timeout, cancellation);
            }
            catch (Exception exception) when (!session.InputBegan && SshNetFailure.IsNoSession(exception))
            {
                if (waited.Elapsed > timeout)
                    throw NoSession(host, command.Name);
                await Task.Delay(NextSession, cancellation);
            }
            catch (Exception exception) when (SshNetFailure.IsLost(exception))
            {
                connection.Drop();
                // Nothing ran: a new login tells how things are. Once.
                if (session.InputBegan || lost++ > 0)
                    throw SshFailure.ConnectionLost(host, command.Name);
            }
            finally
            {
                connection.End();
            }
        }
    }

    private static async Task<RemoteResult> RunAsync(
        RemoteHost host, RemoteCommand command, SshNetConnection connection, SshNetSession session, TimeSpan timeout,
        CancellationToken cancellation)
    {
        ProcessResult result;
        try
        {
            result = await session.RunAsync(timeout, cancellation);
        }
        catch (ProcessCanceledException canceled)
        {
            if (RemoteCommandLine.Began(canceled.Partial.Error).ProcessId is { } processId)
                await KillAsync(connection, processId);
            throw;
        }
        if (!result.TimedOut)
            return SshSession.Checked(host, command, result);
        // The host may be frozen: who comes next must not wait on this connection.
        connection.Drop();
        throw connection.Silent.IsCompleted
            ? SshFailure.WentSilent(host, command.Name)
            : SshFailure.CommandTimedOut(host, command.Name, timeout);
    }

    /// <summary>Best effort: the bound on the remote side ends it in any case.</summary>
    private static async Task KillAsync(SshNetConnection connection, int processId)
    {
        try
        {
            using var kill = new SshNetSession(connection, RemoteCommandLine.Kill(processId), new("kill"));
            await kill.RunAsync(KillPatience, CancellationToken.None);
        }
        catch (Exception exception) when (SshNetFailure.IsLost(exception) || SshNetFailure.IsNoSession(exception))
        {
            // No connection any more.
        }
    }

    private static AdapterException NoSession(RemoteHost host, string operation) =>
        new(host.Name, operation,
            $"sshd on {SshFailure.Label(host)} gives a login no session (MaxSessions in its sshd_config): nothing ran.", Reach.Failed);
}
