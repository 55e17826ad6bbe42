using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Nginx;

/// <summary>Servers of an upstream that come and go: there the line is the server.</summary>
internal sealed class NginxMembers(Node node, IRemoteShell shell) : IPoolMembers
{
    private readonly NginxChange _change = new(node, shell);

    public async Task<PoolLines> ReadAsync(string pool, CancellationToken cancellation)
    {
        var daemon = await NginxFinder.FindAsync(shell, node, cancellation);
        var lines = NginxMembersEdit.Lines(await NginxFiles.ReadAsync(shell, node, daemon, cancellation), pool);
        var why = lines is null ? $"{daemon.Config} on {node.Name} has no upstream {pool}"
            : node.Ssh.Sudo ? $"{daemon.Config} on {node.Name} is not changed by a login that is not root"
            : null;
        return new(why, [.. lines?.Where(l => !l.Added).Select(l => l.Server) ?? []],
            [.. lines?.Where(l => l.Added).Select(l => l.Server) ?? []]);
    }

    public Task AddAsync(NewServer server, CancellationToken cancellation)
    {
        var wanted = NewServerWords.Checked(node, server);
        return _change.RunAsync(files => NginxMembersEdit.Add(files, wanted), NginxPatience.Gentle, cancellation);
    }

    public Task RemoveAsync(ServerName server, CancellationToken cancellation) =>
        _change.RunAsync(files => NginxMembersEdit.Remove(files, server), NginxPatience.Gentle, cancellation);

    public Task WriteLineAsync(NewServer server, CancellationToken cancellation) => Task.CompletedTask;

    public Task EraseLineAsync(ServerName server, CancellationToken cancellation) => Task.CompletedTask;
}
