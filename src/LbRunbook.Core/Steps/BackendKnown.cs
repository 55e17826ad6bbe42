using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>A backend by its names in the configuration, with its server in the proxies that answer.</summary>
internal sealed record BackendKnown(Pool Pool, Backend Backend)
{
    /// <exception cref="AdapterException">The configuration has changed since the plan was made.</exception>
    public static BackendKnown Of(StepContext context, string pool, string backend) =>
        context.Fleet.Pools.FirstOrDefault(p => p.Name == pool) is { } found
            && found.Backends.FirstOrDefault(b => b.Name == backend) is { } known
            ? new(found, known)
            : throw new AdapterException(backend, "configuration",
                $"there is no backend {backend} in pool {pool} of the configuration any more");

    /// <returns>Null = a server that the configuration does not have.</returns>
    public static BackendKnown? Of(StepContext context, ServerState server) =>
        context.Fleet.Pools.SelectMany(p => p.Everyone.Where(b => server.Is(p, b)).Select(b => new BackendKnown(p, b))).FirstOrDefault();

    /// <summary>Nodes that answer and have it. A node that does not answer now is left out: it keeps nobody from being repaired.</summary>
    public async Task<IReadOnlyList<BackendServer>> ServersAsync(StepContext context, CancellationToken cancellation)
    {
        var all = await Task.WhenAll(context.Fleet.Nodes.Select(n => ServerAsync(context, n, cancellation)));
        return [.. all.OfType<BackendServer>()];
    }

    private async Task<BackendServer?> ServerAsync(StepContext context, Node node, CancellationToken cancellation)
    {
        try
        {
            var proxy = await context.Ports.Balancer(node.Name).ReadAsync(cancellation);
            return proxy.Answers && ServerMatch.All(proxy, Pool, Backend).FirstOrDefault() is { } server ? new(node, server, proxy) : null;
        }
        catch (AdapterException)
        {
            return null;
        }
    }
}

internal sealed record BackendServer(Node Node, ServerState Server, ProxyState Proxy)
{
    public ServerName Name => new(Server.Pool, Server.Server);

    /// <summary>Percent of the pool's weight that is in rotation there without this server.</summary>
    public double OthersShare
    {
        get
        {
            var members = Proxy.Servers.Where(s => s.Pool == Server.Pool && !s.Backup).ToList();
            var left = members.Where(s => s.InRotation && s.Server != Server.Server).Sum(s => s.Weight);
            return 100.0 * left / Math.Max(1, members.Sum(s => Math.Max(1, s.InitialWeight)));
        }
    }
}
