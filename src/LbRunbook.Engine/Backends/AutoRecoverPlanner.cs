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

/// <summary>Pure: out of every proxy, restart until well, back step by step; one machine after the other.</summary>
internal static class AutoRecoverPlanner
{
    /// <param name="facts">Of each target of the situation, in its order.</param>
    public static PlanResult Build(Fleet fleet, BackendSituation now, IReadOnlyList<RecoveryFacts> facts, AutoRecoverRequest request)
    {
        // What one service serves goes and comes back together, for its restart takes all of it away.
        var services = now.Targets.Zip(facts, (t, f) => (Target: t, Facts: f)).Aggregate(new List<List<Patient>>(), (groups, x) =>
        {
            var patient = new Patient(x.Target, x.Facts);
            if (groups.Find(g => BackendLookup.AreOneService(g[0].Target.Backend, x.Target.Backend)) is { } group)
                group.Add(patient);
            else
                groups.Add([patient]);
            return groups;
        }).Select(g => new Recovery(now.Only([.. g.Select(p => p.Target)]), g)).ToList();
        var sick = services.Where(s => !s.WellAlready).ToList();
        List<Refusal> refusals = [.. BackendGuards.Check(now, "auto-recover")];
        foreach (var service in sick)
            refusals.AddRange([.. service.Patients.SelectMany(Guards),
                .. CapacityGuards.Check(fleet, service.Now, request.AcceptLowCapacity, request.AcceptEmptyPool)]);
        if (refusals.Count > 0)
            return PlanResult.Refused([.. refusals.Distinct()]);
        var repaired = string.Join(", ", sick.SelectMany(s => s.Patients)
            .Select(p => $"{p.Target.Words} of pool {p.Target.Pool.Name}"));
        return PlanResult.Of(new Plan
        {
            Verb = "auto-recover",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = sick.Count == 0
                ? $"{now.Names} {(now.Targets.Count == 1 ? "is" : "are")} well and in rotation: nothing to repair"
                : $"repair {repaired}: out of rotation, restart, back",
            Steps = [.. services.SelectMany(s => s.WellAlready ? Look(s) : Repair(fleet, s, request, last: s == services[^1]))],
            // What cannot be repaired stays where it harms nobody: taking the isolation back would give it traffic.
            OnFailure = OnFailure.Stop,
            Risk = sick.Count == 0
                ? Risk.Low
                : RiskRule.Of(fleet.Environment, severe: request.AcceptLowCapacity || request.AcceptEmptyPool),
            Warnings = [.. Warnings(now), .. CapacityGuards.Warnings(now), .. IsolatePlanner.Agents(now),
                .. sick.SelectMany(s => RestorePlanner.Fewer(s.Now, request.Ramp))],
            Budget = (request.Wait + request.Ramp) * Math.Max(1, sick.Count),
            Subjects = now.Subjects,
        });
    }

    private static IEnumerable<PlannedStep> Look(Recovery service) => service.Patients
        .Select(p => new PlannedStep(new BackendHealthyStep(p.Target.Pool.Name, p.Target.Backend.Name)));

    private static IEnumerable<PlannedStep> Repair(Fleet fleet, Recovery service, AutoRecoverRequest request, bool last)
    {
        var minimum = request.AcceptLowCapacity || request.AcceptEmptyPool ? 0 : fleet.Thresholds.MinimumHealthy;
        var wait = (int)Math.Max(1, Math.Ceiling(request.Wait.TotalSeconds));
        var having = service.Now.Having.ToList();
        foreach (var node in having.Where(n => n.Server is { Admin: not AdminState.Ready }))
            yield return new(new ServerWasStep(node.Node.Name, node.Name, node.Server!.Admin), Lane: node.Lane);
        foreach (var node in having)
        {
            var well = service.Patients.First(p => p.Target.Backend == node.Backend && p.Target.Pool == node.Pool).Facts.Well;
            foreach (var step in IsolatePlanner.Lane(node, new() { AcceptEmptyPool = request.AcceptEmptyPool }, unlessWell: !well))
                yield return step;
        }
        // The one that is not well decides whether a restart is needed; the others only have to be well after it.
        var worst = service.Patients.Find(p => !p.Facts.Well) ?? service.Patients[0];
        yield return new(new BackendRestartStep(worst.Target.Pool.Name, worst.Target.Backend.Name, request.Attempts, wait, minimum,
            request.PauseSeconds));
        foreach (var other in service.Patients.Where(p => p != worst))
            yield return new(new BackendHealthyStep(other.Target.Pool.Name, other.Target.Backend.Name, wait));
        foreach (var node in having)
        {
            foreach (var step in RestorePlanner.Lane(node, request.Wait, request.Ramp, outAgain: true, hurryBelow: minimum,
                agentAgain: node.Server is { AgentSpeaks: true }))
                yield return step;
        }
        // The next machine is not touched before this one is back.
        if (!last)
            yield return new(new BackendHealthyStep(worst.Target.Pool.Name, worst.Target.Backend.Name));
    }

    private static IEnumerable<Refusal> Guards(Patient patient)
    {
        var (name, facts) = (patient.Target.Backend.Name, patient.Facts);
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

    private sealed record Patient(BackendTarget Target, RecoveryFacts Facts);

    /// <summary>One service with all that it serves.</summary>
    private sealed record Recovery(BackendSituation Now, List<Patient> Patients)
    {
        public bool WellAlready { get; } = Patients.TrueForAll(p => p.Facts.Well
            && Now.Having.Where(n => n.Pool == p.Target.Pool && n.Backend == p.Target.Backend).ToList() is { Count: > 0 } having
            && having.TrueForAll(n => n.Server!.InRotation));
    }
}
