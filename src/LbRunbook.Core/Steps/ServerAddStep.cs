using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// A node's proxy knows a further server: checked, and without traffic until <see cref="ServerReturnStep"/> makes it ready.
/// </summary>
/// <param name="DrainSeconds">How long its sessions may take when it is taken out again.</param>
/// <param name="Drained">Not in maintenance, as a new one is, but drained: as it was when it was taken out.</param>
[StepKind("adds a server to a node's proxy, without traffic")]
public sealed record ServerAddStep(
    string Place, NewServer Server, int DrainSeconds = 60,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Drained = false) : Step
{
    // A reload of nginx with its proof may take its time.
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Prepare, seconds: 30);

    public override string Describe() => $"add {Server.Name} ({Server.Address}, weight {Server.FirstWeight}) on {Place}, without traffic";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, proxy) = await ServerSeen.FindAsync(context, Place, Server.Name, cancellation);
        if (server is null)
            return ProbeResult.Needed($"{proxy.Kind} on {Place} has {proxy.Servers.Count(s => s.Pool == Server.Name.Pool)} "
                + $"servers in {Server.Name.Pool}");
        if (Drained && server.Admin == AdminState.Maint)
            return ProbeResult.Needed(ServerSeen.Words(Place, server));
        return server.Address is null || server.Address == Server.Address
            ? ProbeResult.Satisfied(ServerSeen.Words(Place, server))
            : ProbeResult.Blocked($"{Server.Name} on {Place} is another server: {server.Address} and not {Server.Address}");
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        if ((await ServerSeen.FindAsync(context, Place, Server.Name, cancellation)).State is null)
            await context.Ports.Balancer(Place).Members.AddAsync(Server, cancellation);
        if (Drained)
            await context.Ports.Balancer(Place).SetStateAsync(Server.Name, AdminState.Drain, cancellation);
    }

    public override Step? Inverse(JsonNode? before) => new ServerRemoveStep(Place, Server, DrainSeconds);
}
