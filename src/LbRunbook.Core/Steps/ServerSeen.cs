using System.Text.Json.Nodes;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>One server as one node's proxy has it now: what every step on servers looks at.</summary>
internal static class ServerSeen
{
    /// <exception cref="AdapterException">The proxy does not answer, or has no such server.</exception>
    public static async Task<(ServerState State, ProxyState Proxy)> ReadAsync(
        StepContext context, string nodeName, ServerName server, CancellationToken cancellation)
    {
        var (found, proxy) = await FindAsync(context, nodeName, server, cancellation);
        return (found ?? throw Unknown(context, nodeName, server), proxy);
    }

    public static AdapterException Unknown(StepContext context, string nodeName, ServerName server) =>
        new(nodeName, "reading servers", $"{context.Fleet.Node(nodeName).ProxyName} on {nodeName} has no server {server}");

    public static string Gone(string nodeName, ServerName server) => $"{nodeName} has no server {server} any more";

    /// <returns>State null = the proxy has no such server.</returns>
    /// <exception cref="AdapterException">The proxy does not answer.</exception>
    public static async Task<(ServerState? State, ProxyState Proxy)> FindAsync(
        StepContext context, string nodeName, ServerName server, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(nodeName);
        var proxy = await context.Ports.Balancer(node.Name).ReadAsync(cancellation);
        if (!proxy.Answers)
            throw new AdapterException(nodeName, "reading servers", $"{node.ProxyName} on {nodeName} does not answer: {proxy.Error}");
        return (proxy.Servers.FirstOrDefault(s => s.Pool == server.Pool && s.Server == server.Server), proxy);
    }

    /// <summary>
    /// "down" only where it is, or has no address: ready and down gets no traffic, and an undo may put that back without waiting for its
    /// health.
    /// </summary>
    public static JsonObject Before(ServerState state)
    {
        var before = new JsonObject { ["state"] = state.Admin.ToString(), ["weight"] = state.Weight };
        if (state is { Admin: AdminState.Ready, Health: ServerHealth.Down } or { Admin: AdminState.Ready, HasNoAddress: true })
            before["down"] = true;
        return before;
    }

    public static string StateOf(string node, ServerName server) => $"state of {server} on {node}";

    /// <summary>"web/web1 on lb1 is in maintenance, weight 100".</summary>
    public static string Words(string node, ServerState state) =>
        $"{state.Pool}/{state.Server} on {node} is {state.Status}, weight {state.Weight}";
}
