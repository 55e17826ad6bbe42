using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>A server that was added is gone from a node's proxy: drained first, and only when nobody is served by it any more.</summary>
/// <param name="Server">As it was added; its inverse adds it again.</param>
/// <param name="DrainSeconds">How long its sessions may take.</param>
/// <param name="WasDrained">Before the run: an undo adds it like that.</param>
[StepKind("drains an added server and takes it out of a node's proxy")]
public sealed record ServerRemoveStep(
    string Place, NewServer Server, int DrainSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool WasDrained = false) : Step
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override StepTraits Traits => StepTraits.Change(StepPhase.CleanUp, DrainSeconds + 30);

    public override string Describe() => $"drain {Server.Name} on {Place} for up to {DrainSeconds} s, then take it out";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, proxy) = await ServerSeen.FindAsync(context, Place, Server.Name, cancellation);
        if (server is null)
            return ProbeResult.Satisfied($"{Place} has no server {Server.Name}");
        var others = proxy.Servers.Any(s => s.Pool == Server.Name.Pool && s.Server != Server.Name.Server && s.InRotation);
        if (server.InRotation && !others)
            return ProbeResult.Blocked($"{Server.Name} is the last server in rotation on {Place}; without it the pool serves nobody");
        var lines = await context.Ports.Balancer(Place).Members.ReadAsync(Server.Name.Pool, cancellation);
        return lines.Configured.Contains(Server.Name.Server)
            ? ProbeResult.Blocked($"{Server.Name} stands in the configuration of {Place} without \"{NewServer.Mark}\": it was not added by "
                + "lbctl, and is not removed by it")
            : ProbeResult.Needed(ServerSeen.Words(Place, server));
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var started = context.Time.GetTimestamp();
        var (server, _) = await ServerSeen.FindAsync(context, Place, Server.Name, cancellation);
        if (server?.Admin == AdminState.Ready)
            await context.Ports.Balancer(Place).SetStateAsync(Server.Name, AdminState.Drain, cancellation);
        for (; ; await Task.Delay(Pause, context.Time, cancellation))
        {
            (server, _) = await ServerSeen.FindAsync(context, Place, Server.Name, cancellation);
            if (server is null)
                return;
            var left = server.CurrentSessions + server.Queued;
            var late = context.Time.GetElapsedTime(started).TotalSeconds >= DrainSeconds;
            if ((left > 0 || server.MoreSessions is not null) && late)
                throw new AdapterException(Place, "draining",
                    $"{Server.Name} on {Place} gets nothing new and has {left} sessions left after {DrainSeconds} s"
                        + (server.MoreSessions is { } why ? $", and maybe more: {why}" : ""));
            if (left == 0 && server.MoreSessions is null && await IsGoneAsync(context, late, cancellation))
                return;
        }
    }

    /// <summary>A connection that just came or goes keeps it a moment longer.</summary>
    private async Task<bool> IsGoneAsync(StepContext context, bool late, CancellationToken cancellation)
    {
        try
        {
            await context.Ports.Balancer(Place).Members.RemoveAsync(Server.Name, cancellation);
            return true;
        }
        catch (AdapterException e) when (e.IsTransient && !late)
        {
            return false;
        }
    }

    public override Step? Inverse(JsonNode? before) => new ServerAddStep(Place, Server, DrainSeconds, WasDrained);
}
