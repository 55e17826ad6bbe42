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
    /// <summary>Percent of the configured weight; the last one is all of it.</summary>
    private static readonly int[] s_levels = [10, 25, 50, 75];

    /// <param name="fleet">As configured.</param>
    /// <param name="wait">How long its check may take to pass.</param>
    /// <param name="ramp">From the first traffic to the full weight; zero = at once.</param>
    public static PlanResult Build(Fleet fleet, BackendSituation now, TimeSpan wait, TimeSpan ramp)
    {
        var refusals = BackendGuards.Check(now).ToList();
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        return PlanResult.Of(new Plan
        {
            Verb = "restore-backend",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"bring {now.Backend.Name} ({now.Backend.Host}:{now.Backend.Port}) back into pool {now.Pool.Name} on "
                + $"{string.Join(", ", BackendGuards.Targets(now).Select(n => n.Node.Name))}",
            Steps = [.. BackendGuards.Targets(now).SelectMany(n => Lane(n, wait, ramp))],
            // A server that fails under its first traffic goes back to where it was; without a ramp there is no first traffic to judge by.
            OnFailure = ramp > TimeSpan.Zero ? OnFailure.Undo : OnFailure.Stop,
            Risk = RiskRule.Of(fleet.Environment),
            Warnings = [.. BackendGuards.Warnings(now), .. ramp > TimeSpan.Zero ? BackendGuards.Unsteppable(now) : []],
            Budget = wait + ramp,
            Subjects = new Dictionary<string, string> { ["pool"] = now.Pool.Name, ["backend"] = now.Backend.Name },
        });
    }

    /// <param name="wait">How long its check may take to pass.</param>
    /// <param name="ramp">From the first traffic to the full weight.</param>
    /// <param name="outAgain">When it fails under its first traffic: out of rotation at once, there.</param>
    /// <param name="hurryBelow">Percent of the pool without it below which nobody watches any more.</param>
    public static IEnumerable<PlannedStep> Lane(
        BackendOnNode node, TimeSpan wait, TimeSpan ramp, bool outAgain = false, double hurryBelow = 0)
    {
        var lane = node.Node.Name;
        var full = node.Server is { InitialWeight: > 0 } server ? server.InitialWeight : 1;
        var weights = ramp > TimeSpan.Zero
            ? s_levels.Select(p => Math.Max(1, full * p / 100)).Where(w => w < full).Distinct().ToList()
            : [];
        if (node.Server is not null)
            yield return new(new ServerWeightStep(lane, node.Name, weights.Count > 0 ? weights[0] : full), Lane: lane);
        yield return new(new ServerReturnStep(lane, node.Name, (int)Math.Ceiling(wait.TotalSeconds)), Lane: lane);
        var pause = ramp.TotalSeconds / Math.Max(1, weights.Count);
        for (var i = 0; i < weights.Count; i++)
        {
            yield return new(new ServerSteadyStep(lane, node.Name, pause, outAgain, hurryBelow), Lane: lane);
            yield return new(new ServerWeightStep(lane, node.Name, i + 1 < weights.Count ? weights[i + 1] : full), Lane: lane);
        }
        if (weights.Count == 0 && ramp > TimeSpan.Zero)
            yield return new(new ServerSteadyStep(lane, node.Name, ramp.TotalSeconds, outAgain, hurryBelow), Lane: lane);
        if (node.CanKeep)
            yield return new(new ServersKeepStep(lane), Lane: lane);
    }
}
