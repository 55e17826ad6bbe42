using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Backends;

/// <summary>What was asked for.</summary>
internal sealed record IsolateRequest
{
    /// <summary>Also cut the sessions that it still serves.</summary>
    public bool Hard { get; init; }
    public bool AcceptLowCapacity { get; init; }
    public bool AcceptEmptyPool { get; init; }
}

/// <summary>Pure: takes a backend out of every proxy at once, or says why not.</summary>
internal static class IsolatePlanner
{
    public static PlanResult Build(Fleet fleet, BackendSituation now, IsolateRequest request)
    {
        List<Refusal> refusals = [.. BackendGuards.Check(now, "isolate-backend"), .. Hard(now, request),
            .. CapacityGuards.Check(fleet, now, request.AcceptLowCapacity, request.AcceptEmptyPool)];
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        return PlanResult.Of(new Plan
        {
            Verb = "isolate-backend",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"take {now.Title("out of")} on {now.Places}",
            Steps = [.. BackendGuards.Targets(now).SelectMany(n => Lane(n, request))],
            OnFailure = OnFailure.Stop,
            Risk = RiskRule.Of(fleet.Environment, severe: request.AcceptLowCapacity || request.AcceptEmptyPool || request.Hard),
            Warnings = [.. BackendGuards.Warnings(now), .. CapacityGuards.Warnings(now), .. Agents(now),
                .. now.Having.Where(n => n.Followers.Count > 0)
                .Select(n => $"{string.Join(", ", n.Followers)} on {n.Node.Name} follow {n.Name} and go with it")],
            Budget = TimeSpan.FromSeconds(30),
            Subjects = now.Subjects,
        });
    }

    private static IEnumerable<Refusal> Hard(BackendSituation now, IsolateRequest request) => now.Nodes
        .Where(n => request.Hard && !n.Node.Can.EndsSessions)
        .Select(n => new Refusal("hard", $"--hard: {n.Node.Name} runs {n.Node.Can.Words}, which cannot cut the sessions with one server",
            Next: $"lbctl isolate-backend {now.Names.Replace(", ", " ", StringComparison.Ordinal)}")).Distinct();

    /// <param name="unlessWell">Leave it where it is when it turns out to be well.</param>
    public static IEnumerable<PlannedStep> Lane(BackendOnNode node, IsolateRequest request, bool unlessWell = false)
    {
        var (place, lane) = (node.Node.Name, node.Lane);
        foreach (var step in Still(node))
            yield return step;
        yield return new(new ServerStateStep(place, node.Name, AdminState.Maint, RequireOthers: !request.AcceptEmptyPool,
            UnlessWell: unlessWell), Lane: lane);
        if (request.Hard)
            yield return new(new ServerSessionsEndStep(place, node.Name), Lane: lane);
        if (node.CanKeep)
            yield return new(new ServersKeepStep(place), Lane: lane);
    }

    /// <summary>Its agent first: it would bring back what is taken out.</summary>
    public static IEnumerable<PlannedStep> Still(BackendOnNode node) => node.Server is { AgentSpeaks: true }
        ? [new(new ServerAgentStep(node.Node.Name, node.Name, Speaks: false), Lane: node.Lane)]
        : [];

    public static IEnumerable<string> Agents(BackendSituation now) => now.Having.Where(n => n.Server is { AgentSpeaks: true })
        .Select(n => $"{n.Name} on {n.Node.Name} has an agent that may set its state and weight: it keeps still until the server is "
            + "brought back");
}
