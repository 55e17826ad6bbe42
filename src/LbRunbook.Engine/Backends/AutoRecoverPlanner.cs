using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Backends;

/// <summary>What was asked for.</summary>
internal sealed record AutoRecoverRequest
{
    public int Attempts { get; init; } = 3;

    /// <summary>For one attempt, and for the proxies' own check at the end.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(60);
    public TimeSpan Ramp { get; init; } = TimeSpan.FromSeconds(30);
    public bool AcceptLowCapacity { get; init; }
    public bool AcceptEmptyPool { get; init; }

    /// <summary>Before the second attempt.</summary>
    public double PauseSeconds { get; init; } = 2;
}

/// <summary>What is known of the backend besides what the proxies make of it.</summary>
/// <param name="WhyNotRestart">Null = it can be restarted.</param>
/// <param name="OpenStill">Its circuit breaker; null = closed.</param>
/// <param name="Failures">Attempts that failed in a row.</param>
/// <param name="Well">Its process runs and all its checks pass.</param>
internal sealed record RecoveryFacts(string? WhyNotRestart, TimeSpan? OpenStill, int Failures, bool Well);

/// <summary>Pure: out of every proxy, restart until well, back step by step.</summary>
internal static class AutoRecoverPlanner
{
    public static PlanResult Build(Fleet fleet, BackendSituation now, RecoveryFacts facts, AutoRecoverRequest request)
    {
        var name = now.Backend.Name;
        var wellAlready = facts.Well && now.Having.Any() && now.Having.All(n => n.Server!.InRotation);
        List<Refusal> refusals = [.. BackendGuards.Check(now)];
        if (!wellAlready)
            refusals.AddRange([.. Guards(name, facts),
                .. CapacityGuards.Check(fleet, now, request.AcceptLowCapacity, request.AcceptEmptyPool)]);
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        var minimum = request.AcceptLowCapacity || request.AcceptEmptyPool ? 0 : fleet.Thresholds.MinimumHealthy;
        var wait = (int)Math.Max(1, Math.Ceiling(request.Wait.TotalSeconds));
        return PlanResult.Of(new Plan
        {
            Verb = "auto-recover",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = wellAlready
                ? $"{name} is well and in rotation: nothing to repair"
                : $"repair {name} ({now.Backend.Host}:{now.Backend.Port}) of pool {now.Pool.Name}: out of rotation, restart, back",
            Steps = wellAlready
                ? [new(new BackendHealthyStep(now.Pool.Name, name))]
                :
                [
                    .. now.Having.Where(n => n.Server is { Admin: not AdminState.Ready })
                    .Select(n => new PlannedStep(new ServerWasStep(n.Node.Name, n.Name, n.Server!.Admin), Lane: n.Node.Name)),
                    .. now.Having.SelectMany(n =>
                        IsolatePlanner.Lane(n, new() { AcceptEmptyPool = request.AcceptEmptyPool }, unlessWell: true)),
                    new(new BackendRestartStep(now.Pool.Name, name, request.Attempts, wait, minimum, request.PauseSeconds)),
                    .. now.Having.SelectMany(n => RestorePlanner.Lane(n, request.Wait, request.Ramp, outAgain: true, hurryBelow: minimum)),
                ],
            // What cannot be repaired stays where it harms nobody: taking the isolation back would give it traffic.
            OnFailure = OnFailure.Stop,
            Risk = wellAlready ? Risk.Low : RiskRule.Of(fleet.Environment, severe: request.AcceptLowCapacity || request.AcceptEmptyPool),
            Warnings = [.. Warnings(now), .. CapacityGuards.Warnings(now)],
            Budget = request.Wait + request.Ramp,
            Subjects = new Dictionary<string, string> { ["pool"] = now.Pool.Name, ["backend"] = name },
        });
    }

    private static IEnumerable<Refusal> Guards(string name, RecoveryFacts facts)
    {
        if (facts.WhyNotRestart is { } why)
            yield return new("backend-restartable", why, Next: $"lbctl isolate-backend {name}");
        if (facts.OpenStill is { } left)
            yield return new("circuit-breaker",
                $"{facts.Failures} attempts to repair {name} failed in a row: the next one may begin in "
                    + $"{Math.Ceiling(left.TotalSeconds):0} s", Next: $"lbctl isolate-backend {name}");
    }

    /// <summary>
    /// Unlike an isolation, a repair leaves out the nodes that are silent: a dead balancer must not keep a backend from being repaired.
    /// </summary>
    private static IEnumerable<string> Warnings(BackendSituation now) => BackendGuards.Warnings(now)
        .Where(w => !now.Silent.Any(n => w.StartsWith(n.WhySilent, StringComparison.Ordinal)))
        .Concat(now.Silent.Select(n => $"{n.WhySilent}: nothing is done there"));
}
