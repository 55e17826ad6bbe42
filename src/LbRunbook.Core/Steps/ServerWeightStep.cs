using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>A server has this weight in a node's proxy: absolute, 0 to 256; read back, for proxies round.</summary>
[StepKind("sets a server's weight", InRunbooks = true)]
public sealed record ServerWeightStep(string Place, ServerName Server, int Weight) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Prepare);

    public override string Describe() => $"set the weight of {Server} on {Place} to {Weight}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, _) = await ServerSeen.ReadAsync(context, Place, Server, cancellation);
        var words = ServerSeen.Words(Place, server);
        return server.Weight == Weight
            ? ProbeResult.Satisfied(words, ServerSeen.Before(server))
            : ProbeResult.Needed(words, ServerSeen.Before(server));
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.Balancer(Place).SetWeightAsync(Server, Weight, cancellation);

    public override string Sets => $"weight of {Server} on {Place}";

    public override Step? Inverse(JsonNode? before) => (int?)before?["weight"] is { } weight ? this with { Weight = weight } : null;
}
