using LbRunbook.Core.Model;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Failover.Sweep;

/// <summary>A node that came back with an address that is another's by now loses it.</summary>
/// <param name="node">The node to be swept; null = find out.</param>
internal sealed class SweepAction(Node? node) : IAction
{
    public string Verb => SweepPlanner.Verb;

    public IReadOnlyList<VirtualIp> Watched(Fleet fleet) => fleet.Vips;

    public async Task<Proposal> ProposeAsync(World world, string runId, CancellationToken cancellation)
    {
        var observation = await world.LookAsync(cancellation);
        var last = LastHolder.Of(world.Journals.Newest(world.Fleet.Cluster));
        return new(SweepPlanner.Build(world.Fleet, new(observation, last?.Node, node)), observation);
    }
}
