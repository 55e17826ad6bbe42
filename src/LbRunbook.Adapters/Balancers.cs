using LbRunbook.Adapters.Haproxy;
using LbRunbook.Adapters.Nginx;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters;

/// <summary>Every kind of balancer: one more is one more line.</summary>
internal static class Balancers
{
    public static IBalancer Of(Node node, IRemoteShell shell)
    {
        var there = node.Exec is { } exec ? new ContainerShell(shell, exec) : shell;
        return node.Proxy switch
        {
            ProxyKind.Haproxy => new HaproxyBalancer(node, there),
            ProxyKind.Nginx => new NginxBalancer(node, there),
            _ => throw new ArgumentOutOfRangeException(nameof(node), node.Proxy, null),
        };
    }
}
