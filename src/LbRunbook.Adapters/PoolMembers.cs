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
        IsHaproxy(node) ? _haproxy.AddAsync(node, server, cancellation) : _nginx.AddAsync(node, server, cancellation);

    public Task RemoveAsync(Node node, ServerName server, CancellationToken cancellation) =>
        IsHaproxy(node) ? _haproxy.RemoveAsync(node, server, cancellation) : _nginx.RemoveAsync(node, server, cancellation);

    // What nginx does is what its file says: there the line is the server.
    public Task WriteLineAsync(Node node, NewServer server, CancellationToken cancellation) =>
        IsHaproxy(node) ? _haproxy.WriteLineAsync(node, server, cancellation) : Task.CompletedTask;

    public Task EraseLineAsync(Node node, ServerName server, CancellationToken cancellation) =>
        IsHaproxy(node) ? _haproxy.EraseLineAsync(node, server, cancellation) : Task.CompletedTask;

    private static bool IsHaproxy(Node node) => node.Proxy == ProxyKind.Haproxy;
}
