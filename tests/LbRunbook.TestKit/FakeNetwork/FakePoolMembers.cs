using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>As HAProxy does it: a new server is in maintenance, and one with sessions cannot be deleted.</summary>
internal sealed class FakePoolMembers(FakeFleet fleet, Node node) : IPoolMembers
{
    public Task<PoolLines> ReadAsync(string pool, CancellationToken cancellation) =>
        fleet.OnNodeAsync("lines.read", node, pool, n => new PoolLines(n.WhyNotWritten, n.Configured, [.. n.Lines]), new(null, [], []),
            cancellation);

    public Task AddAsync(NewServer server, CancellationToken cancellation) =>
        fleet.OnNodeAsync("member.add", node, server.Name.ToString(), n =>
        {
            if (n.Servers.Any(s => Is(s, server.Name)))
                throw new AdapterException(node.Name, "add server", "Already exists a server with the same name in backend.");
            n.Servers = [.. n.Servers, Fresh(server)];
            return true;
        }, true, cancellation);

    public Task RemoveAsync(ServerName server, CancellationToken cancellation) =>
        fleet.OnNodeAsync("member.remove", node, server.ToString(), n =>
        {
            if (n.Servers.Any(s => Is(s, server) && s.CurrentSessions > 0))
                throw new AdapterException(node.Name, "del server", "Server still has connections attached to it, cannot remove it.",
                    isTransient: true);
            n.Servers = [.. n.Servers.Where(s => !Is(s, server))];
            return true;
        }, true, cancellation);

    public Task WriteLineAsync(NewServer server, CancellationToken cancellation) =>
        fleet.OnNodeAsync("line.write", node, server.Name.ToString(), n => n.Lines.Add(server.Name.Server), true, cancellation);

    public Task EraseLineAsync(ServerName server, CancellationToken cancellation) =>
        fleet.OnNodeAsync("line.erase", node, server.ToString(), n => n.Lines.Remove(server.Server), true, cancellation);

    private static ServerState Fresh(NewServer server) => new()
    {
        Pool = server.Name.Pool, Server = server.Name.Server, Address = server.Address, Admin = AdminState.Maint,
        Health = ServerHealth.Unknown,
        Status = "MAINT", Weight = server.FirstWeight, InitialWeight = server.Weight, Errors = 0,
    };

    private static bool Is(ServerState server, ServerName name) => server.Pool == name.Pool && server.Server == name.Server;
}
