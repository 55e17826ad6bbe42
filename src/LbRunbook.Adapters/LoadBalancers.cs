using LbRunbook.Adapters.Haproxy;
using LbRunbook.Adapters.Nginx;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters;

/// <summary>HAProxy or nginx, by the node's kind.</summary>
internal sealed class LoadBalancers(IRemoteShell shell) : ILoadBalancers
{
    private readonly HaproxyClient _haproxy = new(shell);
    private readonly NginxClient _nginx = new(shell);

    public Task<ProxyState> ReadAsync(Node node, CancellationToken cancellation) =>
        node.Proxy == ProxyKind.Haproxy ? _haproxy.ReadAsync(node, cancellation) : _nginx.ReadAsync(node, cancellation);

    public Task<string?> TestConfigurationAsync(Node node, CancellationToken cancellation) =>
        node.Proxy == ProxyKind.Haproxy
            ? _haproxy.TestConfigurationAsync(node, cancellation)
            : _nginx.TestConfigurationAsync(node, cancellation);
}
