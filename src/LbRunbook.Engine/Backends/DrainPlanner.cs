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
        List<Refusal> refusals = [.. BackendGuards.Check(now, "drain"),
            .. CapacityGuards.Check(fleet, now, request.AcceptLowCapacity, request.AcceptEmptyPool)];
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        return PlanResult.Of(new Plan
        {
            Verb = "drain",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"drain {now.Title("of")} on {now.Places}",
            Steps = [.. BackendGuards.Targets(now).SelectMany(n => Lane(n, request))],
            OnFailure = request.OnTimeout == OnTimeout.Restore ? OnFailure.Undo : OnFailure.Stop,
            Risk = RiskRule.Of(fleet.Environment, severe: request.AcceptLowCapacity || request.AcceptEmptyPool),
            Warnings = [.. BackendGuards.Warnings(now), .. CapacityGuards.Warnings(now), .. IsolatePlanner.Agents(now),
                .. now.Having.Select(n => Steps(n, request).Why).OfType<string>().Distinct()],
            Budget = request.For,
            Subjects = now.Subjects,
        });
    }

    private static IEnumerable<PlannedStep> Lane(BackendOnNode node, DrainRequest request)
    {
        var (place, lane, takes) = (node.Node.Name, node.Lane, node.Node.Can.ChangeTakes);
        foreach (var step in IsolatePlanner.Still(node))
            yield return step;
        var (weights, pause, _) = Steps(node, request);
        foreach (var weight in weights)
        {
            yield return new(new ServerWeightStep(place, node.Name, weight), Lane: lane);
            yield return new(new ServerSteadyStep(place, node.Name, pause.TotalSeconds, Leaving: true), Lane: lane);
        }
        yield return new(new ServerStateStep(place, node.Name, AdminState.Drain, RequireOthers: !request.AcceptEmptyPool), Lane: lane);
        // What is left of the time, without that of the changes that are still to come.
        var left = Time(node, request) - ((pause + takes) * weights.Count) - (takes * (weights.Count > 0 ? 2 : 1));
        var seconds = takes > TimeSpan.Zero ? Math.Floor(left.TotalSeconds) : Math.Ceiling(left.TotalSeconds);
        yield return new(new ServerIdleStep(place, node.Name, Math.Max(1, (int)seconds), MustEnd: request.OnTimeout != OnTimeout.Isolate),
            Lane: lane);
        if (request.ThenIsolate || request.OnTimeout == OnTimeout.Isolate)
            yield return new(new ServerStateStep(place, node.Name, AdminState.Maint, RequireOthers: false), Lane: lane);
        // The next one who makes it ready expects its full weight.
        if (weights.Count > 0)
            yield return new(new ServerWeightStep(place, node.Name, node.Server!.Weight), Lane: lane);
        if (node.CanKeep)
            yield return new(new ServersKeepStep(place), Lane: lane);
    }

    private static LoadSteps Steps(BackendOnNode node, DrainRequest request) => LoadSteps.Down(node, request.Steps, Time(node, request));

    private static TimeSpan Time(BackendOnNode node, DrainRequest request) => request.For / node.InLane;
}
