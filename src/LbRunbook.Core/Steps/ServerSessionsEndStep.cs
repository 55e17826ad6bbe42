using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>Cuts every session with a server now; its clients get an error.</summary>
public sealed record ServerSessionsEndStep(string Node, ServerName Server) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.CleanUp);

    public override string Describe() => $"cut the sessions with {Server} on {Node}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, _) = await ServerSeen.ReadAsync(context, Node, Server, cancellation);
        return server.CurrentSessions == 0 ? ProbeResult.Satisfied($"no session with {Server} on {Node}") : ProbeResult.Needed($"{server.CurrentSessions} sessions with {Server} on {Node}");
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.ProxyServers.EndSessionsAsync(context.Fleet.Node(Node), Server, cancellation);
}
