using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Scale;

/// <summary>What was asked for.</summary>
internal sealed record ScaleOutRequest
{
    public static readonly TimeSpan DefaultWarmUp = TimeSpan.FromSeconds(30);

    public int Count { get; init; } = 1;

    /// <summary>From the first traffic to the full weight, for all of them together.</summary>
    public TimeSpan WarmUp { get; init; } = DefaultWarmUp;

    /// <summary>How long each may take to become healthy.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(120);
}

/// <summary>Pure: starts emergency backends, waits for them, and adds them to every proxy; or says why not.</summary>
internal static class ScaleOutPlanner
{
    public static PlanResult Build(Fleet fleet, ScaleSituation now, ScaleOutRequest request)
    {
        // Those that are only half in come first: a node that was down lacks them.
        var free = now.Pool.Emergency.Where(b => now.Answering.Any(n => !n.IsFullyIn(b)))
            .OrderByDescending(b => now.Answering.Any(n => n.Server(b) is not null)).ToList();
        IReadOnlyList<Backend> chosen = [.. free.Take(request.Count)];
        List<Refusal> refusals = [.. ScaleGuards.Common(now), .. ScaleGuards.Named(now, chosen)];
        if (refusals.Count == 0 && free.Count < request.Count)
        {
            refusals.Add(new("emergency-backends",
                $"{request.Count} wanted, {(free.Count == 0 ? "and all" : $"but only {string.Join(", ", free.Select(b => b.Name))}")} of "
                    + $"the emergency backends of {now.Pool.Name} ({string.Join(", ", now.Pool.Emergency.Select(b => b.Name))}) "
                    + $"{(free.Count == 0 ? "are in use" : free.Count == 1 ? "is not in use" : "are not in use")}; capacity "
                    + $"now: {Capacity.Before(now)}",
                Next: free.Count == 0 ? "lbctl assess" : $"lbctl scale-out --pool {now.Pool.Name} --count {free.Count}"));
        }
        refusals.AddRange(ScaleGuards.Addable(now, chosen));
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        return PlanResult.Of(new Plan
        {
            Verb = "scale-out",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"add {string.Join(", ", chosen.Select(b => $"{b.Name} ({b.Address})"))} to pool {now.Pool.Name} on "
                + $"{string.Join(", ", now.Nodes.Select(n => n.Node.Name))}: {Capacity.InShort(now, chosen, [])}",
            Steps =
            [
                .. chosen.Where(b => b.HasService)
                .Select(b => new PlannedStep(new EmergencyServiceStep(now.Pool.Name, b.Name, Active: true))),
                .. chosen.Select(b =>
                    new PlannedStep(new EmergencyHealthyStep(now.Pool.Name, b.Name, (int)Math.Ceiling(request.Wait.TotalSeconds)))),
                .. now.Nodes.SelectMany(n => Lane(fleet, n, chosen, request)),
            ],
            // What is added already carries load: in an emergency it is not taken away because another node is down.
            OnFailure = OnFailure.Stop,
            Risk = RiskRule.Of(fleet.Environment),
            Warnings = [.. Warnings(fleet, now, chosen, request)],
            Afterwards = [.. Capacity.Afterwards(now, chosen, [])],
            Budget = request.Wait + request.WarmUp,
            Subjects = new Dictionary<string, string>
            {
                ["pool"] = now.Pool.Name,
                ["backends"] = string.Join(",", chosen.Select(b => b.Name)),
            },
        });
    }

    /// <summary>As it would be added to this node; for taking it out again, too.</summary>
    public static NewServer ServerOf(Fleet fleet, ScaleNode node, Backend backend, TimeSpan warmUp)
    {
        // Where a weight is all or nothing, "all" is what its line says.
        var weight = !node.TakesSteps && node.Server(backend) is { InitialWeight: > 0 } slot ? slot.InitialWeight : node.WeightOf(backend);
        var first = node.TakesSteps ? ServerWarmUpStep.FirstOf(weight, warmUp.TotalSeconds) : weight;
        var options = $"check inter 1s fall {fleet.Thresholds.Fall} rise {fleet.Thresholds.Rise} {backend.ServerOptions}".TrimEnd();
        return new(node.NameOf(backend), backend.Address, weight, first, options);
    }

    private static IEnumerable<PlannedStep> Lane(Fleet fleet, ScaleNode node, IReadOnlyList<Backend> chosen, ScaleOutRequest request)
    {
        var lane = node.Node.Name;
        var warmUp = request.WarmUp / chosen.Count;
        var wait = (int)Math.Ceiling(request.Wait.TotalSeconds);
        foreach (var backend in chosen)
        {
            var server = ServerOf(fleet, node, backend, warmUp);
            var slot = node.IsSlot(backend);
            if (!slot)
                yield return new(new ServerAddStep(lane, server), Lane: lane);
            if (node.Server(backend) is { Admin: not AdminState.Ready })
                yield return new(new ServerWeightStep(lane, server.Name, server.FirstWeight), Lane: lane);
            // A node that says nothing has none of them, as far as is known.
            var isNew = node.Server(backend) is null;
            yield return new(new ServerReturnStep(lane, server.Name, wait, New: isNew), Lane: lane);
            if (warmUp > TimeSpan.Zero)
                yield return new(new ServerWarmUpStep(lane, server.Name, server.FirstWeight, server.Weight, warmUp.TotalSeconds,
                    Existed: !isNew, Served: node.Server(backend) is { Admin: AdminState.Ready }), Lane: lane);
            if (!slot && node.Node.Can.SetsAtRunTime && node.WhyNotWritten is null)
                yield return new(new ServerLineStep(lane, server, Present: true), Lane: lane);
        }
        if (node.CanKeep)
            yield return new(new ServersKeepStep(lane), Lane: lane);
    }

    private static IEnumerable<string> Warnings(Fleet fleet, ScaleSituation now, IReadOnlyList<Backend> chosen, ScaleOutRequest request)
    {
        foreach (var node in now.Nodes.Where(n => !n.Answers))
            yield return $"{node.WhySilent}: it may stay as it is there; the run says how to finish it";
        foreach (var node in now.Answering.Where(n => n.Seen.Proxy?.LetsClientsGo == false))
            yield return Backends.BackendGuards.ReloadCosts(node.Node);
        foreach (var node in now.Nodes.Where(n => n.WhyNotWritten is not null))
        {
            var lines = chosen.Where(b => !node.IsSlot(b))
                .Select(b => $"\"{ServerOf(fleet, node, b, request.WarmUp).HaproxyLine}\"").ToList();
            if (lines.Count > 0)
                yield return $"until the next reload of haproxy on {node.Node.Name} only: {node.WhyNotWritten}. To keep it, add to its "
                    + $"section \"backend {now.Pool.NameInProxy}\": {string.Join(" and ", lines)}";
        }
        foreach (var node in now.Answering.Where(n => request.WarmUp > TimeSpan.Zero && !n.TakesSteps))
            yield return $"no warm-up by weight on {node.Node.Name}: {now.Pool.NameInProxy} spreads by {node.Balancing!.Algorithm}, which "
                + "takes 0 % and 100 % of a weight and nothing between; a new server gets its full share at once and is watched";
        foreach (var node in now.Answering
            .Where(n => request.WarmUp > TimeSpan.Zero && n.TakesSteps && chosen.Any(b => n.WeightOf(b) == 1)))
            yield return $"no warm-up by weight on {node.Node.Name}: the servers of {now.Pool.Name} have weight 1 there, which cannot be "
                + "divided (give them 100); a new one gets its full share at once and is watched";
        foreach (var node in now.Nodes.Where(n => !n.Node.Can.TakesServerOptions))
        {
            foreach (var backend in chosen.Where(b => b.ServerOptions.Length > 0))
                yield return $"serverOptions of {backend.Name} are HAProxy's words: nginx on {node.Node.Name} gets "
                    + "its address and weight only";
        }
        foreach (var node in now.Answering)
        {
            foreach (var backend in chosen.Where(b => node.Server(b)?.Backup == true))
                yield return $"{backend.Name} is a backup server on {node.Node.Name}: it serves only when all others are "
                    + "gone, and adds nothing before";
        }
    }
}
