using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Backends;

/// <summary>
/// Pure: the safe way back of a backend, on every proxy at once; with a ramp its weight grows while its errors are watched.
/// </summary>
internal static class RestorePlanner
{
    /// <param name="fleet">As configured.</param>
    /// <param name="wait">How long its check may take to pass.</param>
    /// <param name="ramp">From the first traffic to the full weight; zero = at once.</param>
    public static PlanResult Build(Fleet fleet, BackendSituation now, TimeSpan wait, TimeSpan ramp)
    {
        var refusals = BackendGuards.Check(now, "restore-backend").ToList();
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        return PlanResult.Of(new Plan
        {
            Verb = "restore-backend",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"bring {now.Title("back into")} on {now.Places}",
            Steps = [.. BackendGuards.Targets(now).SelectMany(n => Lane(n, wait, ramp))],
            // A server that fails under its first traffic goes back to where it was; without a ramp there is no first traffic to judge by.
            OnFailure = ramp > TimeSpan.Zero ? OnFailure.Undo : OnFailure.Stop,
            Risk = RiskRule.Of(fleet.Environment),
            Warnings = [.. BackendGuards.Warnings(now), .. Fewer(now, ramp)],
            Budget = wait + ramp,
            Subjects = now.Subjects,
        });
    }

    /// <param name="wait">How long its check may take to pass.</param>
    /// <param name="ramp">From the first traffic to the full weight.</param>
    /// <param name="outAgain">When it fails under its first traffic: out of rotation at once, there.</param>
    /// <param name="hurryBelow">Percent of the pool without it below which nobody watches any more.</param>
    /// <param name="agentAgain">Its agent was told to keep still by an earlier step of the same plan.</param>
    public static IEnumerable<PlannedStep> Lane(
        BackendOnNode node, TimeSpan wait, TimeSpan ramp, bool outAgain = false, double hurryBelow = 0, bool agentAgain = false)
    {
        var (place, lane) = (node.Node.Name, node.Lane);
        var full = node.Server is { InitialWeight: > 0 } server ? server.InitialWeight : 1;
        ramp /= node.InLane;
        var (weights, pause, _) = LoadSteps.Up(node, ramp);
        // Where a weight is all or nothing, one that is configured as nothing stays so.
        if (node.Server is { } now && (node.TakesSteps || now.InitialWeight > 0))
            yield return new(new ServerWeightStep(place, node.Name, weights.Count > 0 ? weights[0] : full), Lane: lane);
        yield return new(new ServerReturnStep(place, node.Name, (int)Math.Ceiling(wait.TotalSeconds)), Lane: lane);
        for (var i = 0; i < weights.Count; i++)
        {
            yield return new(new ServerSteadyStep(place, node.Name, pause.TotalSeconds, outAgain, hurryBelow), Lane: lane);
            yield return new(new ServerWeightStep(place, node.Name, i + 1 < weights.Count ? weights[i + 1] : full), Lane: lane);
        }
        if (weights.Count == 0 && ramp > TimeSpan.Zero)
            yield return new(new ServerSteadyStep(place, node.Name, ramp.TotalSeconds, outAgain, hurryBelow), Lane: lane);
        // At last: from here on its own word counts again.
        if (agentAgain || node.Server is { AgentSpeaks: false, InRotation: false })
            yield return new(new ServerAgentStep(place, node.Name, Speaks: true), Lane: lane);
        if (node.CanKeep)
            yield return new(new ServersKeepStep(place), Lane: lane);
    }

    /// <summary>Why the load comes back in fewer steps than usual.</summary>
    public static IEnumerable<string> Fewer(BackendSituation now, TimeSpan ramp) =>
        now.Having.Select(n => LoadSteps.Up(n, ramp / n.InLane).Why).OfType<string>().Distinct();
}
