using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>Waits until nobody is served by a server any more, workers of earlier configurations included, or the grace is over.</summary>
/// <param name="Server">Its names in the proxy.</param>
/// <param name="MustEnd">Sessions that are left at the end are no good end.</param>
/// <param name="OrGone">Nobody is served by a server that is not there any more.</param>
/// <param name="Again">How it gets its load back in an undo, when its weight was taken to the first one meanwhile; null = at once.</param>
[StepKind("waits until a server has no session left", InRunbooks = true)]
public sealed record ServerIdleStep(string Place, ServerName Server, int GraceSeconds, bool MustEnd = false, bool OrGone = false,
    ServerWarmUpStep? Again = null) : Step
{
    protected override StepTraits Traits => StepTraits.Check(GraceSeconds) with { TimeoutIsFine = !MustEnd };

    public override string Describe() => $"wait up to {GraceSeconds} s until {Server} on {Place} has no session left";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (found, _) = await ServerSeen.FindAsync(context, Place, Server, cancellation);
        if (OrGone && found is null)
            return ProbeResult.Satisfied(ServerSeen.Gone(Place, Server));
        var server = found ?? throw ServerSeen.Unknown(context, Place, Server);
        var left = server.CurrentSessions + server.Queued;
        if (server.MoreSessions is { } why)
            return ProbeResult.Needed($"{(left == 0 ? "it is not known whether" : $"{left} or more")} sessions are left with {Server} on "
                + $"{Place}: {why}");
        return left == 0
            ? ProbeResult.Satisfied($"no session left with {Server} on {Place}")
            : ProbeResult.Needed($"{left} sessions left with {Server} on {Place}");
    }

    public override Step? Inverse(JsonNode? before) => Again;
}
