using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// A server's own agent may set its state and weight in a node's proxy, or may not. One that says "ready" brings back what was taken out a
/// moment ago; one that says "100%" takes every step of a weight back.
/// </summary>
/// <param name="Server">Its names in the proxy.</param>
/// <param name="Speaks">False: it keeps still, until the inverse, or the way back, gives it its word again.</param>
[StepKind("lets a server's agent set its state and weight, or keeps it still")]
public sealed record ServerAgentStep(string Place, ServerName Server, bool Speaks) : Step
{
    /// <summary>Still before anything is taken out, and heard again only when all of it is back.</summary>
    protected override StepTraits Traits => StepTraits.Change(Speaks ? StepPhase.CleanUp : StepPhase.Prepare);

    public override string Describe() => Speaks
        ? $"let the agent of {Server} on {Place} set its state and weight again"
        : $"tell the agent of {Server} on {Place} to keep still";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, _) = await ServerSeen.ReadAsync(context, Place, Server, cancellation);
        if (server.AgentSpeaks is not { } speaks)
            return ProbeResult.Satisfied($"{Server} on {Place} has no agent");
        var words = $"the agent of {Server} on {Place} {(speaks ? "may set its state and weight" : "keeps still")}";
        var before = new JsonObject { ["speaks"] = speaks };
        return speaks == Speaks ? ProbeResult.Satisfied(words, before) : ProbeResult.Needed(words, before);
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.Balancer(Place).SetAgentAsync(Server, Speaks, cancellation);

    public override string Sets => $"agent of {Server} on {Place}";

    public override Step? Inverse(JsonNode? before) => (bool?)before?["speaks"] is { } speaks ? this with { Speaks = speaks } : null;
}
