using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>As HAProxy does it: maintenance stops the checks, a server that comes out of it counts as up at once.</summary>
internal sealed class FakeBalancer(FakeFleet fleet, Node node) : IBalancer
{
    public IPoolMembers Members { get; } = new FakePoolMembers(fleet, node);
    public IPoliteClosing Closing { get; } = new FakePoliteClosing(fleet, node);

    public Task<ProxyState> ReadAsync(CancellationToken cancellation) =>
        fleet.Faults.CallAsync(new("proxy.read", node.Name), () => State(fleet[node.Name]), State(fleet[node.Name]), cancellation);

    public Task<string?> TestConfigurationAsync(CancellationToken cancellation) =>
        fleet.OnNodeAsync("proxy.test", node, null, n => n.ConfigurationUntested is { } why
            ? throw new AdapterException(node.Name, "test", why)
            : n.ConfigurationError, null, cancellation);

    private ProxyState State(FakeNode node)
    {
        var error = node.Reach != Reach.Ok ? $"ssh {node.Reach}"
            : !node.ServiceActive ? "connection refused"
            : !node.ProxyAnswers ? "no answer within 2s"
            : null;
        return new()
        {
            Kind = node.Node.Proxy,
            Answers = error is null,
            Error = error,
            Version = node.ProxyVersion,
            Pid = error is null ? 4242 : 0,
            Servers = error is null ? [.. node.Servers.Select(Checked)] : [],
            LetsClientsGo = node.LetsClientsGo,
            Balancing = node.Balancing,
            WhyNoChange = node.WhyNoChange,
        };
    }

    /// <summary>A standby that is started or stopped is noticed by the checks, which go on unless it is in maintenance.</summary>
    private ServerState Checked(ServerState server) =>
        server is { Admin: not AdminState.Maint, Health: ServerHealth.Up or ServerHealth.Down }
            && fleet.Fleet.Pools.SelectMany(p => p.Emergency)
            .FirstOrDefault(b => b.Name == server.Server || b.Address == server.Server) is { } standby
            ? server with { Health = fleet.IsWell(standby) ? ServerHealth.Up : ServerHealth.Down }
            : server;

    public Task SetStateAsync(ServerName server, AdminState state, CancellationToken cancellation) =>
        ChangeAsync("server.state", server, s => s with
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

    public Task SetWeightAsync(ServerName server, int weight, CancellationToken cancellation) =>
        ChangeAsync("server.weight", server, s => weight != 0 && weight != s.InitialWeight
            && fleet[node.Name].Balancing.Any(b => b.Pool == s.Pool && !b.TakesSteps)
                ? throw new AdapterException(node.Name, "server.weight",
                    "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'.")
                : s with { Weight = weight }, cancellation);

    public Task SetAgentAsync(ServerName server, bool speaks, CancellationToken cancellation) =>
        ChangeAsync("server.agent", server, s => s with { AgentSpeaks = speaks }, cancellation);

    public Task EndSessionsAsync(ServerName server, CancellationToken cancellation) =>
        ChangeAsync("server.sessions.end", server, s => s with { CurrentSessions = 0 }, cancellation);

    public Task<string?> WhyNotKeptAsync(CancellationToken cancellation) =>
        fleet.OnNodeAsync("servers.kept", node, null, n => n.WhyNotKept, null, cancellation);

    public Task KeepAsync(CancellationToken cancellation) =>
        fleet.OnNodeAsync("servers.keep", node, null, n => n.Kept = n.Servers, [], cancellation);

    public Task<CheckResult> CheckAsync(Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation) =>
        fleet.OnNodeAsync("server.check", node, backend.Name,
            _ => pool.Emergency.Contains(backend)
                ? new(fleet.IsWell(backend), TimeSpan.Zero, "checked")
                : fleet.BackendHosts.Judge(pool, backend), new(true, TimeSpan.Zero, "checked"), cancellation);

    private Task<bool> ChangeAsync(
        string operation, ServerName name, Func<ServerState, ServerState> change, CancellationToken cancellation) =>
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
