using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Backends;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Scale;

/// <summary>More of a pool, or less.</summary>
/// <param name="verb">As it is typed.</param>
internal sealed class ScaleAction(string verb, Pool pool, Func<World, ScaleSituation, PlanResult> build) : IAction
{
    public string Verb => verb;

    public string NextWhenPartial(string runId) => $"lbctl resume {runId}";

    public static ScaleAction Out(Pool pool, ScaleOutRequest request) =>
        new("scale-out", pool, (world, now) => ScaleOutPlanner.Build(world.Fleet, now, request));

    public static ScaleAction In(Pool pool, ScaleInRequest request) => new("scale-in", pool, (world, now) =>
        ScaleInPlanner.Build(world.Fleet, now, request with { Started = StartedServices.Of(world.Journals, world.Fleet, pool) }));

    public async Task<Proposal> ProposeAsync(World world, string runId, CancellationToken cancellation)
    {
        var looking = world.LookAsync(cancellation);
        var asked = await Task.WhenAll(world.Fleet.Nodes.Select(async n =>
            (n.Name, Answer: await AskAsync(world, n, looking, cancellation))));
        var seen = await looking;
        return new(build(world, new ScaleSituation(world.Fleet, seen, asked.ToDictionary(a => a.Name, a => a.Answer), pool)), seen);
    }

    private async Task<NodeAnswer> AskAsync(World world, Node node, Task<Observation> looking, CancellationToken cancellation)
    {
        var kept = BesideTheLook.AskAsync(looking, limit => world.Ports.Balancer(node.Name).WhyNotKeptAsync(limit), why => why, world.Time,
            cancellation);
        var lines = await BesideTheLook.AskAsync<(PoolLines?, string?)>(
            looking, async limit => (await world.Ports.Balancer(node.Name).Members.ReadAsync(pool.NameInProxy, limit), null),
            why => (null, why),
            world.Time, cancellation);
        return new(await kept, lines.Item1, lines.Item2);
    }
}
