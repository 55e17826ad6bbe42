using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Scale;

/// <summary>What was asked for.</summary>
internal sealed record ScaleInRequest
{
    public const string StopServicesFlag = "--stop-services";

    /// <summary>Null = all.</summary>
    public int? Count { get; init; }

    /// <summary>How long the sessions may take.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Cut what is left then.</summary>
    public bool Hard { get; init; }
    public bool AcceptLowCapacity { get; init; }

    /// <summary>Over which an undo lets their weight grow again.</summary>
    public TimeSpan WarmUp { get; init; } = ScaleOutRequest.DefaultWarmUp;

    /// <summary>Backend name → the run that started its service; a service that is not here ran before, and is left alone.</summary>
    public IReadOnlyDictionary<string, string> Started { get; init; } = new Dictionary<string, string>();

    /// <summary>Stop the others' services, too.</summary>
    public bool StopServices { get; init; }
}

/// <summary>
/// Pure: takes out exactly what <see cref="ScaleOutPlanner"/> added, last first, drained on every proxy before anything stops.
/// </summary>
internal static class ScaleInPlanner
{
    public static PlanResult Build(Fleet fleet, ScaleSituation now, ScaleInRequest request)
    {
        var inUse = now.Pool.Emergency.Where(b => now.Nodes.Any(n => IsIn(n, b))).Reverse().ToList();
        IReadOnlyList<Backend> going = [.. inUse.Take(request.Count ?? int.MaxValue)];
        List<Refusal> refusals = [.. ScaleGuards.Common(now), .. Hard(now, request)];
        if (refusals.Count == 0 && (going.Count == 0 || going.Count < request.Count))
            refusals.Add(new("emergency-in-use",
                $"{(going.Count == 0 ? "none" : $"only {string.Join(", ", going.Select(b => b.Name))}")} of the emergency backends of "
                    + $"{now.Pool.Name} is in use; capacity now: {Capacity.Before(now)}",
                    Next: going.Count == 0 ? "lbctl assess" : $"lbctl scale-in --pool {now.Pool.Name}"));
        refusals.AddRange([.. ScaleGuards.Named(now, going), .. ScaleGuards.Left(fleet, now, going, request.AcceptLowCapacity)]);
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        return PlanResult.Of(new Plan
        {
            Verb = "scale-in",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"take {string.Join(", ", going.Select(b => $"{b.Name} ({b.Address})"))} out of pool {now.Pool.Name} on "
                + $"{string.Join(", ", now.Nodes.Select(n => n.Node.Name))}: {Capacity.InShort(now, [], going)}",
            Steps =
            [
                .. now.Nodes.SelectMany(n => Lane(fleet, n, going, request)),
                // Only when every node has let go of it.
                .. going.Where(b => b.HasService && (request.StopServices || request.Started.ContainsKey(b.Name)))
                    .Select(b => new PlannedStep(new EmergencyServiceStep(now.Pool.Name, b.Name, Active: false,
                        request.Started.GetValueOrDefault(b.Name)))),
            ],
            OnFailure = OnFailure.Stop,
            Risk = RiskRule.Of(fleet.Environment, severe: request.AcceptLowCapacity || request.Hard),
            Warnings = [.. Warnings(now, going, request)],
            Afterwards = [.. Capacity.Afterwards(now, [], going)],
            Budget = request.For + TimeSpan.FromSeconds(30),
            Subjects = new Dictionary<string, string>
            {
                ["pool"] = now.Pool.Name,
                ["backends"] = string.Join(",", going.Select(b => b.Name)),
            },
        });
    }

    private static bool IsIn(ScaleNode node, Backend backend) =>
        node.IsAdded(backend) || (node.IsSlot(backend) && node.Server(backend) is { Admin: not AdminState.Maint });

    private static IEnumerable<Refusal> Hard(ScaleSituation now, ScaleInRequest request) => now.Nodes
        .Where(n => request.Hard && !n.Node.Can.EndsSessions)
        .Select(n => new Refusal("hard", $"--hard: {n.Node.Name} runs {n.Node.Can.Words}, which cannot cut the sessions with one server",
            Next: $"lbctl scale-in --pool {now.Pool.Name}"));

    private static IEnumerable<PlannedStep> Lane(Fleet fleet, ScaleNode node, IReadOnlyList<Backend> going, ScaleInRequest request)
    {
        var lane = node.Node.Name;
        var grace = (int)Math.Ceiling(request.For.TotalSeconds);
        var warmUp = request.WarmUp / going.Count;
        // A node that says nothing may have all of them.
        var here = going.Where(b => !node.Answers || IsIn(node, b)).ToList();
        foreach (var backend in here.Where(b => !node.Answers || node.Server(b) is { Admin: AdminState.Ready }))
            yield return new(new ServerStateStep(lane, node.NameOf(backend), AdminState.Drain, OrGone: true), Lane: lane);
        foreach (var backend in here)
        {
            var added = ScaleOutPlanner.ServerOf(fleet, node, backend, warmUp);
            var again = node.IsSlot(backend) ? null : Again(node, added, backend, warmUp);
            // What is not warmed up again comes back as it is now.
            var server = again is null && node.Server(backend) is { } now ? added with { FirstWeight = now.Weight } : added;
            if (!node.Answers || node.Server(backend) is not null)
            {
                yield return new(new ServerIdleStep(lane, server.Name, grace, MustEnd: !request.Hard, OrGone: true, again), Lane: lane);
                if (request.Hard)
                    yield return new(new ServerSessionsEndStep(lane, server.Name, OrGone: true), Lane: lane);
            }
            if (node.IsSlot(backend))
            {
                yield return new(new ServerStateStep(lane, server.Name, AdminState.Maint, RequireOthers: false), Lane: lane);
                continue;
            }
            if (node.Node.Can.SetsAtRunTime && node.WhyNotWritten is null)
                yield return new(new ServerLineStep(lane, server, Present: false), Lane: lane);
            yield return new(new ServerRemoveStep(lane, server, DrainSeconds: 30,
                WasDrained: node.Server(backend) is { Admin: AdminState.Drain }), Lane: lane);
        }
        if (node.CanKeep && here.Count > 0)
            yield return new(new ServersKeepStep(lane), Lane: lane);
    }

    private static IEnumerable<string> Warnings(ScaleSituation now, IReadOnlyList<Backend> going, ScaleInRequest request)
    {
        foreach (var node in now.Nodes.Where(n => !n.Answers))
            yield return $"{node.WhySilent}: it may stay as it is there; the run says how to finish it";
        foreach (var node in now.Answering.Where(n => n.Seen.Proxy?.LetsClientsGo == false))
            yield return Backends.BackendGuards.ReloadCosts(node.Node);
        foreach (var node in now.Nodes.Where(n => n.WhyNotWritten is not null && going.Any(n.HasLine)))
            yield return $"the lines with \"{NewServer.Mark}\" stay on {node.Node.Name} and come back with its next reload: "
                + $"{node.WhyNotWritten}. Delete them there";
        var alone = going.Where(b => b.HasService && !request.StopServices && !request.Started.ContainsKey(b.Name))
            .Select(b => b.Name).ToList();
        if (alone.Count > 0)
            yield return $"the service of {string.Join(", ", alone)} keeps running: by the journal of this machine no scale-out started "
                + $"it ({ScaleInRequest.StopServicesFlag} stops it all the same)";
    }

    /// <summary>An undo gives back at once what had a weight that cannot be divided.</summary>
    private static ServerWarmUpStep? Again(ScaleNode node, NewServer server, Backend backend, TimeSpan warmUp) =>
        node.Server(backend) is { InRotation: true } now && server.FirstWeight < now.Weight
            ? new(node.Node.Name, server.Name, server.FirstWeight, now.Weight, warmUp.TotalSeconds)
            : null;
}
