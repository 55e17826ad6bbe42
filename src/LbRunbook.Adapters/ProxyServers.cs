using LbRunbook.Adapters.Haproxy;
using LbRunbook.Adapters.Nginx;
using LbRunbook.Adapters.Observing;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters;

/// <summary>HAProxy or nginx, by the node's kind.</summary>
internal sealed class ProxyServers(IRemoteShell shell) : IProxyServers
{
    private readonly HaproxyServers _haproxy = new(shell);
    private readonly NginxServers _nginx = new(shell);

    public Task SetStateAsync(Node node, ServerName server, AdminState state, CancellationToken cancellation) => IsHaproxy(node)
        ? _haproxy.SetStateAsync(node, server, state, cancellation)
        : _nginx.SetStateAsync(node, server, state, cancellation);

    public Task SetWeightAsync(Node node, ServerName server, int weight, CancellationToken cancellation) => IsHaproxy(node)
        ? _haproxy.SetWeightAsync(node, server, weight, cancellation)
        : _nginx.SetWeightAsync(node, server, weight, cancellation);

    public Task EndSessionsAsync(Node node, ServerName server, CancellationToken cancellation) => IsHaproxy(node)
        ? _haproxy.EndSessionsAsync(node, server, cancellation)
        : throw new AdapterException(node.Name, "cutting sessions",
            $"{node.Name} runs open-source nginx, which cannot cut the sessions with one server");

    // What nginx does is what its file says.
    public Task<string?> WhyNotKeptAsync(Node node, CancellationToken cancellation) =>
        IsHaproxy(node) ? _haproxy.WhyNotKeptAsync(node, cancellation) : Task.FromResult<string?>(null);

    public Task KeepAsync(Node node, CancellationToken cancellation) =>
        IsHaproxy(node) ? _haproxy.KeepAsync(node, cancellation) : Task.CompletedTask;

    public async Task<CheckResult> CheckAsync(Node node, Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation)
    {
        var result = await shell.RunAsync(RemoteHost.Of(node), LookScript.OneCheck(pool, backend, timeout), cancellation);
        return NodeChecks.One(result.Output, pool, timeout);
    }

    private static bool IsHaproxy(Node node) => node.Proxy == ProxyKind.Haproxy;
}
