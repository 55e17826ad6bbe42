using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>As HAProxy does it: maintenance stops the checks, a server that comes out of it counts as up at once.</summary>
internal sealed class FakeProxyServers(FakeFleet fleet) : IProxyServers
{
    public Task SetStateAsync(Node node, ServerName server, AdminState state, CancellationToken cancellation) =>
        ChangeAsync("server.state", node, server, s => s with
        {
            Admin = state,
            Health = s.Health == ServerHealth.NoCheck
                ? ServerHealth.NoCheck
                : state == AdminState.Maint
                ? ServerHealth.Unknown
                : IsDown(s)
                ? ServerHealth.Down
                : ServerHealth.Up,
            Status = state switch { AdminState.Maint => "MAINT", AdminState.Drain => "DRAIN", _ => "UP" },
        }, cancellation);

    public Task SetWeightAsync(Node node, ServerName server, int weight, CancellationToken cancellation) =>
        ChangeAsync("server.weight", node, server, s => s with { Weight = weight }, cancellation);

    public Task EndSessionsAsync(Node node, ServerName server, CancellationToken cancellation) =>
        ChangeAsync("server.sessions.end", node, server, s => s with { CurrentSessions = 0 }, cancellation);

    public Task<string?> WhyNotKeptAsync(Node node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("servers.kept", node, null, n => n.WhyNotKept, null, cancellation);

    public Task KeepAsync(Node node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("servers.keep", node, null, n => n.Kept = n.Servers, [], cancellation);

    public Task<CheckResult> CheckAsync(Node node, Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation) =>
        fleet.OnNodeAsync("server.check", node, backend.Name,
            _ => pool.Emergency.Contains(backend)
                ? new(fleet.IsWell(backend), TimeSpan.Zero, "checked")
                : fleet.BackendHosts.Judge(pool, backend), new(true, TimeSpan.Zero, "checked"), cancellation);

    private Task<bool> ChangeAsync(
        string operation, Node node, ServerName name, Func<ServerState, ServerState> change, CancellationToken cancellation) =>
        fleet.OnNodeAsync(operation, node, name.ToString(), n =>
        {
            if (!n.Servers.Any(s => Is(s, name)))
                throw new AdapterException(node.Name, operation, $"{node.Name}: No such server.");
            n.Servers = [.. n.Servers.Select(s => Is(s, name) ? change(s) : s)];
            return true;
        }, true, cancellation);

    private bool IsDown(ServerState server) =>
        fleet.DownTargets.Contains(server.Address ?? "")
            || fleet.Fleet.Pools.SelectMany(p => p.Emergency).Any(b => b.Name == server.Server && !fleet.IsWell(b));

    private static bool Is(ServerState server, ServerName name) => server.Pool == name.Pool && server.Server == name.Server;
}
