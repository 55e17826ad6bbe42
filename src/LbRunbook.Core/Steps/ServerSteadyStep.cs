using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>Watches a server that has just got traffic (again) for a while: it stays up, and its errors do not rise.</summary>
/// <param name="Node">Node name.</param>
/// <param name="Server">Its names in the proxy.</param>
/// <param name="Seconds">How long.</param>
public sealed record ServerSteadyStep(string Node, ServerName Server, double Seconds) : Step
{
    /// <summary>A few errors happen to the best; this share of the requests meanwhile is a sick server.</summary>
    private const double WorstShare = 0.05;
    private const int Few = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    protected override StepTraits Traits => StepTraits.Change(StepPhase.Verify, seconds: (int)Math.Ceiling(Seconds) + 10) with { Verifiable = false };

    public override string Describe() => $"watch {Server} on {Node} for {Seconds:0.#} s";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, _) = await ServerSeen.ReadAsync(context, Node, Server, cancellation);
        return ProbeResult.Needed($"{ServerSeen.Words(Node, server)}, no more errors in {Seconds:0.#} s");
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var (first, _) = await ServerSeen.ReadAsync(context, Node, Server, cancellation);
        for (var started = context.Time.GetTimestamp(); context.Time.GetElapsedTime(started).TotalSeconds < Seconds;)
        {
            await Task.Delay(Pause, context.Time, cancellation);
            var (now, _) = await ServerSeen.ReadAsync(context, Node, Server, cancellation);
            if (!now.InRotation)
                throw new AdapterException(Node, "watching", $"{ServerSeen.Words(Node, now)}: it left rotation again");
            var (errors, requests) = ((now.Errors ?? 0) - (first.Errors ?? 0), now.TotalSessions - first.TotalSessions);
            if (errors > Few && errors > requests * WorstShare)
                throw new AdapterException(Node, "watching", $"{Server} on {Node}: {errors} errors in {requests} requests since it came back");
        }
    }
}
