using System.Text.Json.Nodes;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// The safe way back into rotation: drained, so that checks run and no traffic comes; a check that passes from the start to its full
/// count; only then ready. HAProxy's own way from maintenance to ready sends requests before the first check.
/// </summary>
/// <param name="Server">Its names in the proxy.</param>
/// <param name="WaitSeconds">How long its check may take to pass; after that it stays drained.</param>
/// <param name="EvenDown">It was ready and down before: that a proxy's own check calls it down is as good, for no traffic comes.</param>
/// <param name="New">It was added just before: its removal takes both back, from whatever state it is in.</param>
[StepKind("brings a server back into rotation once it passes its check", InRunbooks = true)]
public sealed record ServerReturnStep(string Place, ServerName Server, int WaitSeconds = 60, bool EvenDown = false, bool New = false) : Step
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override StepTraits Traits => StepTraits.Change(StepPhase.Make, WaitSeconds);

    public override string Describe() => $"bring {Server} back on {Place} once it passes its check";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, _) = await ServerSeen.ReadAsync(context, Place, Server, cancellation);
        var words = ServerSeen.Words(Place, server);
        // Ready it may be; nobody can send it anything.
        if (server.HasNoAddress && !EvenDown)
            return ProbeResult.Blocked($"{words}: {(server.Fqdn is { } name ? $"its name {name} does not resolve there"
                : "it is a slot without an address")}");
        return server.Admin == AdminState.Ready
            ? ProbeResult.Satisfied(words, ServerSeen.Before(server))
            : ProbeResult.Needed(words, ServerSeen.Before(server));
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, _) = await ServerSeen.ReadAsync(context, Place, Server, cancellation);
        if (server.Admin == AdminState.Maint)
            await context.Ports.Balancer(Place).SetStateAsync(Server, AdminState.Drain, cancellation);
        await UntilItPassesAsync(context, cancellation);
        await context.Ports.Balancer(Place).SetStateAsync(Server, AdminState.Ready, cancellation);
    }

    /// <exception cref="AdapterException">It did not in time: why not, which "no answer" would hide.</exception>
    private async Task UntilItPassesAsync(StepContext context, CancellationToken cancellation)
    {
        string? why = null;
        try
        {
            while ((why = await WhyNotYetAsync(context, cancellation)) is not null)
                await Task.Delay(Pause, context.Time, cancellation);
        }
        catch (OperationCanceledException) when (why is not null)
        {
            throw new AdapterException(Place, "waiting for a check",
                $"{Server} did not pass its check on {Place} within {WaitSeconds} s ({why}): it gets no traffic there");
        }
    }

    /// <returns>Null = it passes.</returns>
    private async Task<string?> WhyNotYetAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, _) = await ServerSeen.ReadAsync(context, Place, Server, cancellation);
        if (EvenDown && server.HasNoAddress)
            return null;
        if (server.Health != ServerHealth.NoCheck)
            return server.Health == ServerHealth.Up || (EvenDown && server.Health == ServerHealth.Down)
                ? null
                : $"{server.Status} {server.LastCheck}".Trim();
        // A proxy that checks nothing believes everything: then the node's own check decides.
        if (BackendKnown.Of(context, server) is not { } known)
            return null;
        var check = await context.Ports.Balancer(Place).CheckAsync(known.Pool, known.Backend,
            known.Pool.Health?.Timeout ?? context.Fleet.Thresholds.Timeout, cancellation);
        return check.Healthy ? null : check.Detail;
    }

    public override string Sets => ServerSeen.StateOf(Place, Server);

    public override Step? Inverse(JsonNode? before) => (string?)before?["state"] switch
    {
        _ when New => null,
        nameof(AdminState.Maint) => new ServerStateStep(Place, Server, AdminState.Maint),
        nameof(AdminState.Drain) => new ServerStateStep(Place, Server, AdminState.Drain, Exactly: true),
        _ => null,
    };
}
