using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>A node's proxy knows a further server: checked, and without traffic until <see cref="ServerReturnStep"/> makes it ready.</summary>
/// <param name="Node">Node name.</param>
/// <param name="Server">What to add.</param>
/// <param name="DrainSeconds">How long its sessions may take when it is taken out again.</param>
public sealed record ServerAddStep(string Node, NewServer Server, int DrainSeconds = 60) : Step
{
    // A reload of nginx with its proof may take its time.
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Prepare, seconds: 30);

    public override string Describe() => $"add {Server.Name} ({Server.Address}, weight {Server.FirstWeight}) on {Node}, without traffic";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, proxy) = await ServerSeen.FindAsync(context, Node, Server.Name, cancellation);
        if (server is null)
            return ProbeResult.Needed($"{proxy.Kind} on {Node} has {proxy.Servers.Count(s => s.Pool == Server.Name.Pool)} servers in {Server.Name.Pool}");
        return server.Address is null || server.Address == Server.Address
            ? ProbeResult.Satisfied(ServerSeen.Words(Node, server))
            : ProbeResult.Blocked($"{Server.Name} on {Node} is another server: {server.Address} and not {Server.Address}");
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.PoolMembers.AddAsync(context.Fleet.Node(Node), Server, cancellation);

    public override Step? Inverse(JsonNode? before) => new ServerRemoveStep(Node, Server, DrainSeconds);
}
