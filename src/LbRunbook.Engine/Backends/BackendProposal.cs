using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Backends;

/// <summary>One look at the fleet, and at the backends on every node, while the action asks its own questions; a plan from both.</summary>
internal static class BackendProposal
{
    public static Task<Proposal> ProposeAsync(
        World world, IReadOnlyList<BackendTarget> targets, Func<BackendSituation, PlanResult> build, CancellationToken cancellation) =>
        ProposeAsync(world, targets, Task.FromResult(true), (now, _) => build(now), cancellation);

    /// <param name="learning">What the plan needs besides the look, asked for at the same time.</param>
    public static async Task<Proposal> ProposeAsync<TFacts>(
        World world, IReadOnlyList<BackendTarget> targets, Task<TFacts> learning, Func<BackendSituation, TFacts, PlanResult> build,
        CancellationToken cancellation)
    {
        var looking = world.LookAsync(cancellation);
        var kept = await Task.WhenAll(world.Fleet.Nodes.Select(async n =>
            (n.Name, Why: await WhyNotKeptAsync(world, n, looking, cancellation))));
        var seen = await looking;
        var now = new BackendSituation(world.Fleet, seen, kept.ToDictionary(k => k.Name, k => k.Why), targets);
        return new(build(now, await learning), seen);
    }

    private static Task<string?> WhyNotKeptAsync(World world, Node node, Task<Observation> looking, CancellationToken cancellation) =>
        BesideTheLook.AskAsync(looking, limit => world.Ports.Balancer(node.Name).WhyNotKeptAsync(limit), why => $"{node.Name}: {why}",
            world.Time, cancellation);
}
