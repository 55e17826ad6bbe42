using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

internal sealed class FakeNodeServices(FakeFleet fleet) : INodeServices
{
    public Task<ServiceState> ReadAsync(Node node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("service.read", node, null, State, new(true, true, "running", 1), cancellation);

    public Task StartAsync(Node node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("service.start", node, null, n => n.ServiceActive = true, true, cancellation);

    public Task StopAsync(Node node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("service.stop", node, null, n => n.ServiceActive = n.Closing = false, false, cancellation);

    public Task SetEnabledAsync(Node node, bool enabled, CancellationToken cancellation) =>
        fleet.OnNodeAsync(enabled ? "service.enable" : "service.disable", node, null, n =>
        {
            if (n.ServiceEnabled is not null)
                n.ServiceEnabled = enabled;
            return true;
        }, true, cancellation);

    private static ServiceState State(FakeNode node) =>
        new(node.ServiceActive, node.ServiceEnabled, node.ServiceActive ? "running" : "dead", node.ServiceActive ? 4242 : 0);
}

internal sealed class FakeLoadBalancers(FakeFleet fleet) : ILoadBalancers
{
    public Task<ProxyState> ReadAsync(Node node, CancellationToken cancellation) =>
        fleet.Faults.CallAsync(new("proxy.read", node.Name), () => State(fleet[node.Name]), State(fleet[node.Name]), cancellation);

    public Task<string?> TestConfigurationAsync(Node node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("proxy.test", node, null, n => n.ConfigurationError, null, cancellation);

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
        };
    }

    /// <summary>A standby that is started or stopped is noticed by the checks, which go on unless it is in maintenance.</summary>
    private ServerState Checked(ServerState server) =>
        server is { Admin: not AdminState.Maint, Health: ServerHealth.Up or ServerHealth.Down }
            && fleet.Fleet.Pools.SelectMany(p => p.Emergency)
            .FirstOrDefault(b => b.Name == server.Server || b.Address == server.Server) is { } standby
            ? server with { Health = fleet.IsWell(standby) ? ServerHealth.Up : ServerHealth.Down }
            : server;
}
