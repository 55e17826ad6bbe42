using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>Watches a server whose traffic has just changed for a while: it stays up, and its errors do not rise.</summary>
/// <param name="Server">Its names in the proxy.</param>
/// <param name="OutAgain">When it does not do well it leaves rotation there at once, instead of waiting for somebody.</param>
/// <param name="HurryBelow">Percent of the pool's weight: when less than that is in rotation without it, nobody has the time to
/// watch.</param>
/// <param name="Leaving">It is on its way out: errors are no surprise, and that it leaves rotation by itself is what was wanted.</param>
[StepKind("watches a server for a while: it stays up, and its errors do not rise", InRunbooks = true)]
public sealed record ServerSteadyStep(string Place, ServerName Server, double Seconds, bool OutAgain = false, double HurryBelow = 0,
    bool Leaving = false) : Step
{
    /// <summary>A few errors happen to the best; this share of the requests meanwhile is a sick server.</summary>
    private const double WorstShare = 0.05;
    /// <summary>The operation of the exception that says: it is sick.</summary>
    internal const string Watching = "watching";
    private const int Few = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    protected override StepTraits Traits => StepTraits.Change(StepPhase.Verify, seconds: (int)Math.Ceiling(Seconds) + 10) with
    {
        Verifiable = false,
    };

    public override string Describe() => $"watch {Server} on {Place} for {Seconds:0.#} s";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, _) = await ServerSeen.ReadAsync(context, Place, Server, cancellation);
        if (Leaving && !server.InRotation)
            return ProbeResult.Satisfied($"{ServerSeen.Words(Place, server)}: it gets nothing new");
        return ProbeResult.Needed(Leaving
            ? ServerSeen.Words(Place, server)
            : $"{ServerSeen.Words(Place, server)}, no more errors in {Seconds:0.#} s");
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var (first, _) = await ServerSeen.ReadAsync(context, Place, Server, cancellation);
        for (var started = context.Time.GetTimestamp(); context.Time.GetElapsedTime(started).TotalSeconds < Seconds;)
        {
            await Task.Delay(Pause.TotalSeconds < Seconds ? Pause : TimeSpan.FromSeconds(Seconds), context.Time, cancellation);
            var (now, proxy) = await ServerSeen.ReadAsync(context, Place, Server, cancellation);
            if (Leaving && !now.InRotation)
                return;
            if (!Leaving && WhyNot(first, now) is { } why)
            {
                if (OutAgain)
                    await new ServerStateStep(Place, Server, AdminState.Maint).ApplyAsync(context, cancellation);
                throw new AdapterException(Place, Watching, OutAgain ? $"{why}; it is out of rotation again" : why);
            }
            if (new BackendServer(context.Fleet.Node(Place), now, proxy).OthersShare < HurryBelow)
            {
                context.Note($"{Server} on {Place} is needed at once: too few others are in rotation");
                return;
            }
        }
    }

    private string? WhyNot(ServerState first, ServerState now)
    {
        if (!now.InRotation)
            return $"{ServerSeen.Words(Place, now)}: it left rotation again";
        var (errors, requests) = ((now.Errors ?? 0) - (first.Errors ?? 0), now.TotalSessions - first.TotalSessions);
        return errors > Few && errors > requests * WorstShare
            ? $"{Server} on {Place}: {errors} errors in {requests} requests since it came back"
            : null;
    }
}
