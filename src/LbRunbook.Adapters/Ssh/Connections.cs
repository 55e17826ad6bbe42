using System.Collections.Concurrent;
using LbRunbook.Adapters.Ssh.SshNet;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Ssh;

/// <summary>All logins of this process: each host through the client that was named for it, or that fits it.</summary>
internal sealed class Connections : IRemoteShell, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SshClientKind> _chosen = new();
    private readonly OpenSshShell _openSsh = OpenSshShell.Create(RuntimeDirectory.Default());
    private readonly SshNetShell _builtIn = new();
    private readonly SshClientKind? _everywhere;

    private Connections(SshClientKind? everywhere) => _everywhere = everywhere;

    /// <param name="everywhere">Stands above what the configuration says of each host.</param>
    public static Connections Open(SshClientKind? everywhere) => new(everywhere);

    public async Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation) =>
        await (await ShellAsync(host, command.Name, cancellation)).RunAsync(host, command, cancellation);

    public async Task<string> ExchangeAsync(
        RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation) =>
        await (await ShellAsync(host, "socket " + socketPath, cancellation))
            .ExchangeAsync(host, socketPath, request, timeout, cancellation);

    /// <summary>Shared connections of OpenSSH are left to the next call: they end by themselves. Those of our own end here.</summary>
    public async ValueTask DisposeAsync()
    {
        await _openSsh.DisposeAsync();
        await _builtIn.DisposeAsync();
    }

    private async ValueTask<IRemoteShell> ShellAsync(RemoteHost host, string operation, CancellationToken cancellation)
    {
        var identity = SshMaster.Identity(host);
        if (!_chosen.TryGetValue(identity, out var kind))
        {
            kind = await ClientChoice.OfAsync(_everywhere ?? host.Ssh.Client, SshProgram.IsThere, !OperatingSystem.IsWindows(),
                () => SshSettings.ReadAsync(host, operation, cancellation));
            _chosen[identity] = kind;
        }
        return kind == SshClientKind.BuiltIn ? _builtIn : _openSsh;
    }
}
