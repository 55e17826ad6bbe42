using LbRunbook.Adapters.Haproxy;
using LbRunbook.Adapters.Nginx;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters;

/// <summary>HAProxy or nginx, by the node's kind.</summary>
internal sealed class PoolMembers(IRemoteShell shell) : IPoolMembers
{
    private readonly HaproxyMembers _haproxy = new(shell);
    private readonly NginxServers _nginx = new(shell);

    public Task<PoolLines> ReadAsync(Node node, string pool, CancellationToken cancellation) =>
        IsHaproxy(node) ? _haproxy.ReadAsync(node, pool, cancellation) : _nginx.ReadLinesAsync(node, pool, cancellation);

    public Task AddAsync(Node node, NewServer server, CancellationToken cancellation) =>
        IsHaproxy(node)
            ? _haproxy.AddAsync(node, Checked(node, server), cancellation)
            : _nginx.AddAsync(node, Checked(node, server), cancellation);

    public Task RemoveAsync(Node node, ServerName server, CancellationToken cancellation) =>
        IsHaproxy(node) ? _haproxy.RemoveAsync(node, server, cancellation) : _nginx.RemoveAsync(node, server, cancellation);

    // What nginx does is what its file says: there the line is the server.
    public Task WriteLineAsync(Node node, NewServer server, CancellationToken cancellation) =>
        IsHaproxy(node) ? _haproxy.WriteLineAsync(node, Checked(node, server), cancellation) : Task.CompletedTask;

    public Task EraseLineAsync(Node node, ServerName server, CancellationToken cancellation) =>
        IsHaproxy(node) ? _haproxy.EraseLineAsync(node, server, cancellation) : Task.CompletedTask;

    /// <summary>
    /// A plan also comes from a journal: what would end a word, a line or a command of either proxy is looked for here once more.
    /// </summary>
    private static NewServer Checked(Node node, NewServer server) =>
        server.Options.Any(c => char.IsControl(c) || c is ';' or '\\' or '#' or '"' or '\'' or '$' or '{' or '}')
            || server.Address.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or ':' or '-' or '_' or '[' or ']'))
            ? throw new AdapterException(node.Name, "adding a server",
                $"{node.Name}: '{Printable.Line($"{server.Address} {server.Options}")}' is no server that a proxy takes")
            : server;

    private static bool IsHaproxy(Node node) => node.Proxy == ProxyKind.Haproxy;
}
