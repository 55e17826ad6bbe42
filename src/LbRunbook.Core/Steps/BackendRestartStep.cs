using System.Globalization;
using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Restarts a backend's service until the backend is well: a few attempts with growing, jittered pauses, each of them allowed by the
/// backend's circuit breaker. When the rest of the pool cannot carry the traffic any more, a backend that still passes the proxies'
/// check gets it back first.
/// </summary>
/// <param name="AttemptSeconds">For one: restart and becoming well.</param>
/// <param name="MinimumShare">Percent of the pool's weight that must be in rotation without it; 0 = any.</param>
/// <param name="PauseSeconds">Before the second attempt; doubles from there, and half of it is random.</param>
[StepKind("restarts a backend's service until the backend is well, within its circuit breaker", InRunbooks = true)]
public sealed record BackendRestartStep(string Pool, string Backend, int Attempts = 3, int AttemptSeconds = 60, double MinimumShare = 50,
    double PauseSeconds = 2) : Step
{
    private const double LongestPause = 30;

    /// <summary>The probes before and after, each with the time-outs of its checks.</summary>
    private const int Looks = 30;

    protected override StepTraits Traits => StepTraits.Change(StepPhase.Prepare,
        seconds: Looks + (Attempts * AttemptSeconds) + (int)Math.Ceiling(Enumerable.Range(1, Math.Max(0, Attempts - 1)).Sum(PauseBefore)));

    public override string Describe() =>
        $"restart {Backend} until it is well, at most {Attempts} {(Attempts == 1 ? "attempt" : "attempts")} of {AttemptSeconds} s";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var look = await BackendHealth.BrieflyAsync(context, BackendKnown.Of(context, Pool, Backend), cancellation);
        // The process id: an attempt that did not help changed something all the same.
        var before = new JsonObject { ["active"] = look.Service?.Active, ["pid"] = look.Service?.MainPid };
        return look.Well ? ProbeResult.Satisfied(look.Words, before) : ProbeResult.Needed(look.Words, before);
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var known = BackendKnown.Of(context, Pool, Backend);
        var (key, circuits) = (new CircuitKey(context.Fleet.Cluster, Pool, Backend), context.Ports.Circuits);
        var attempt = new BackendAttempt(context, known, MinimumShare, TimeSpan.FromSeconds(AttemptSeconds));
        string? why = null;
        for (var number = 1; number <= Attempts; number++)
        {
            if (number > 1)
                await PauseAsync(context, number - 1, cancellation);
            if (circuits.Read(key).OpenStill(context.Time.GetUtcNow()) is { } left)
                throw new AdapterException(Backend, "auto-recover",
                    $"the circuit breaker of {Backend} is open for {Math.Ceiling(left.TotalSeconds):0} s more after "
                        + $"{circuits.Read(key).Failures} failed attempts in a row{(why is null ? "" : $"; the last one: {why}")}");
            if (await attempt.GiveBackIfNeededAsync(cancellation) is { } gaveBack)
                throw new AdapterException(Backend, "auto-recover", gaveBack);
            circuits.Write(key, circuits.Read(key).Try(context.Time.GetUtcNow()));
            context.Note($"attempt {number} of {Attempts}: restarting {known.Backend.Service.Name ?? "the service"} on {Backend}");
            var started = context.Time.GetTimestamp();
            var end = await attempt.RunAsync(cancellation);
            var took = context.Time.GetElapsedTime(started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            if (end is { Well: true })
            {
                circuits.Write(key, new());
                context.Note($"attempt {number} of {Attempts}: {Backend} is well after {took} s");
                return;
            }
            why = end.Words;
            circuits.Write(key, circuits.Read(key).Failed(context.Time.GetUtcNow()));
            context.Note($"attempt {number} of {Attempts}: not well after {took} s: {why}");
            if (end.GaveBack)
                throw new AdapterException(Backend, "auto-recover", why);
        }
        throw new AdapterException(Backend, "auto-recover",
            $"{Backend} is not well after {Attempts} {(Attempts == 1 ? "attempt" : "attempts")}: {why}");
    }

    private double PauseBefore(int failures) => Math.Min(LongestPause, PauseSeconds * Math.Pow(2, failures - 1));

    /// <summary>Half of it random: several lbctl that repair after one outage must not restart everything in step.</summary>
    private async Task PauseAsync(StepContext context, int failures, CancellationToken cancellation)
    {
        var pause = TimeSpan.FromSeconds(PauseBefore(failures) * (0.5 + (Random.Shared.NextDouble() / 2)));
        context.Note($"waiting {pause.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s before the next attempt");
        await Task.Delay(pause, context.Time, cancellation);
    }
}
