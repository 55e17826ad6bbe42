using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>A node's proxy sends a server no more new connections (drain), or none at all (maintenance).</summary>
/// <param name="Server">Its names in the proxy.</param>
/// <param name="State">Drain or Maint; the way back is <see cref="ServerReturnStep"/>.</param>
/// <param name="RequireOthers">Refuse while no other server of the pool is in rotation there.</param>
/// <param name="UnlessWell">A backend that is well is left where it is: a recovery that is resumed must not take out what it had brought
/// back.</param>
/// <param name="OrGone">A later step of the same run takes it out: that it is not there any more is no failure.</param>
/// <param name="Exactly">It takes a state back: a server that was drained and is in maintenance now is drained again.</param>
[StepKind("drains a server, or puts it into maintenance", InRunbooks = true)]
public sealed record ServerStateStep(
    string Place, ServerName Server, AdminState State, bool RequireOthers = true, bool UnlessWell = false, bool OrGone = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Exactly = false) : Step
{
    /// <summary>
    /// Where others are not required it takes back something that was more: from maintenance to drain comes before the return to service.
    /// </summary>
    protected override StepTraits Traits => StepTraits.Change(RequireOthers ? StepPhase.Break : StepPhase.Make);

    public override string Describe() => State switch
    {
        AdminState.Drain => $"give {Server} no new connections on {Place}",
        AdminState.Maint => $"put {Server} into maintenance on {Place}",
        _ => $"make {Server} ready on {Place}",
    };

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (found, proxy) = await ServerSeen.FindAsync(context, Place, Server, cancellation);
        if (OrGone && found is null)
            return ProbeResult.Satisfied(ServerSeen.Gone(Place, Server));
        var server = found ?? throw ServerSeen.Unknown(context, Place, Server);
        var words = ServerSeen.Words(Place, server);
        // Maintenance is more than drain: asking for less traffic never gives some back.
        if (server.Admin == State || (!Exactly && State == AdminState.Drain && server.Admin == AdminState.Maint))
            return ProbeResult.Satisfied(words, ServerSeen.Before(server));
        if (UnlessWell && server.InRotation && BackendKnown.Of(context, server) is { } known
            && await BackendHealth.BrieflyAsync(context, known, cancellation) is { Well: true } look)
            return ProbeResult.Satisfied($"{words}; {look.Words}", ServerSeen.Before(server));
        var others = proxy.Servers.Count(s => s.Pool == Server.Pool && s.Server != Server.Server && s.InRotation);
        return RequireOthers && server.InRotation && others == 0
            ? ProbeResult.Blocked($"{Server} is the last server in rotation on {Place}; without it the pool serves nobody")
            : ProbeResult.Needed(words, ServerSeen.Before(server));
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var servers = context.Ports.Balancer(Place);
        // Drained first: what comes between the two goes elsewhere. Maintenance then also moves the clients that a cookie binds. Where each
        // is a reload they are one and the same, and what has to go at once would wait for the clients of a drain.
        if (State == AdminState.Maint && context.Fleet.Node(Place).Can.SetsAtRunTime
            && (await ServerSeen.ReadAsync(context, Place, Server, cancellation)).State.Admin == AdminState.Ready)
            await servers.SetStateAsync(Server, AdminState.Drain, cancellation);
        await servers.SetStateAsync(Server, State, cancellation);
    }

    public override string Sets => ServerSeen.StateOf(Place, Server);

    public override Step? Inverse(JsonNode? before) => (string?)before?["state"] switch
    {
        nameof(AdminState.Ready) => new ServerReturnStep(Place, Server, EvenDown: (bool?)before["down"] ?? false),
        nameof(AdminState.Drain) => this with
        {
            State = AdminState.Drain,
            RequireOthers = false,
            UnlessWell = false,
            OrGone = false,
            Exactly = true,
        },
        nameof(AdminState.Maint) => this with { State = AdminState.Maint, RequireOthers = false, UnlessWell = false, OrGone = false },
        _ => null,
    };
}
