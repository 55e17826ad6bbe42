using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>Cuts every session with a server now; its clients get an error.</summary>
[StepKind("cuts the sessions with a server", InRunbooks = true)]
public sealed record ServerSessionsEndStep(string Place, ServerName Server, bool OrGone = false) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.CleanUp);

    public override string Describe() => $"cut the sessions with {Server} on {Place}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (found, _) = await ServerSeen.FindAsync(context, Place, Server, cancellation);
        if (OrGone && found is null)
            return ProbeResult.Satisfied(ServerSeen.Gone(Place, Server));
        var server = found ?? throw ServerSeen.Unknown(context, Place, Server);
        if (server.MoreSessions is { } why)
            return ProbeResult.Needed($"{server.CurrentSessions} or more sessions with {Server} on {Place}: {why}");
        return server.CurrentSessions == 0
            ? ProbeResult.Satisfied($"no session with {Server} on {Place}")
            : ProbeResult.Needed($"{server.CurrentSessions} sessions with {Server} on {Place}");
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.Balancer(Place).EndSessionsAsync(Server, cancellation);
}
