using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Backends;

/// <summary>What was asked for.</summary>
internal sealed record DrainRequest
{
    /// <summary>For everything: lowering the weight and waiting for the sessions.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>In how many steps the weight goes down.</summary>
    public int Steps { get; init; } = 10;

    /// <summary>Into maintenance when nobody is left; else it stays drained.</summary>
    public bool ThenIsolate { get; init; }
    public OnTimeout OnTimeout { get; init; }
    public bool AcceptLowCapacity { get; init; }
    public bool AcceptEmptyPool { get; init; }
}

/// <summary>What becomes of a backend that still serves somebody at the deadline.</summary>
internal enum OnTimeout { Keep, Isolate, Restore }

/// <summary>Pure: takes the load from a backend little by little on every proxy, and waits until nobody is left on it.</summary>
internal static class DrainPlanner
{
    public static PlanResult Build(Fleet fleet, BackendSituation now, DrainRequest request)
    {
        List<Refusal> refusals = [.. BackendGuards.Check(now),
            .. CapacityGuards.Check(fleet, now, request.AcceptLowCapacity, request.AcceptEmptyPool)];
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        return PlanResult.Of(new Plan
        {
            Verb = "drain",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"drain {now.Backend.Name} ({now.Backend.Host}:{now.Backend.Port}) of pool {now.Pool.Name} on "
                + $"{string.Join(", ", BackendGuards.Targets(now).Select(n => n.Node.Name))}",
            Steps = [.. BackendGuards.Targets(now).SelectMany(n => Lane(n, request))],
            OnFailure = request.OnTimeout == OnTimeout.Restore ? OnFailure.Undo : OnFailure.Stop,
            Risk = RiskRule.Of(fleet.Environment, severe: request.AcceptLowCapacity || request.AcceptEmptyPool),
            Warnings = [.. BackendGuards.Warnings(now), .. CapacityGuards.Warnings(now),
                .. request.Steps > 1 ? BackendGuards.Unsteppable(now) : []],
            Budget = request.For,
            Subjects = new Dictionary<string, string> { ["pool"] = now.Pool.Name, ["backend"] = now.Backend.Name },
        });
    }

    private static IEnumerable<PlannedStep> Lane(BackendOnNode node, DrainRequest request)
    {
        var lane = node.Node.Name;
        var weights = Weights(node, request.Steps);
        // Half of the time for the weights, the rest for those who are still there.
        var pause = weights.Count == 0 ? TimeSpan.Zero : request.For / 2 / weights.Count;
        foreach (var weight in weights)
        {
            yield return new(new ServerWeightStep(lane, node.Name, weight), Lane: lane);
            yield return new(new ServerSteadyStep(lane, node.Name, pause.TotalSeconds, Leaving: true), Lane: lane);
        }
        yield return new(new ServerStateStep(lane, node.Name, AdminState.Drain, RequireOthers: !request.AcceptEmptyPool), Lane: lane);
        var left = request.For - (pause * weights.Count);
        yield return new(new ServerIdleStep(lane, node.Name, (int)Math.Ceiling(left.TotalSeconds),
            MustEnd: request.OnTimeout != OnTimeout.Isolate), Lane: lane);
        if (request.ThenIsolate || request.OnTimeout == OnTimeout.Isolate)
            yield return new(new ServerStateStep(lane, node.Name, AdminState.Maint, RequireOthers: false), Lane: lane);
        // The next one who makes it ready expects its full weight.
        if (weights.Count > 0)
            yield return new(new ServerWeightStep(lane, node.Name, node.Server!.Weight), Lane: lane);
        if (node.CanKeep)
            yield return new(new ServersKeepStep(lane), Lane: lane);
    }

    /// <summary>Downwards, without the full weight and without zero. A server that serves nobody has nothing to lose.</summary>
    private static IReadOnlyList<int> Weights(BackendOnNode node, int steps) => node.Server is { InRotation: true, Weight: > 1 } server
        ? [.. Enumerable.Range(1, steps - 1).Select(i => server.Weight * (steps - i) / steps).Where(w => w > 0 && w < server.Weight)
            .Distinct()]
        : [];
}
