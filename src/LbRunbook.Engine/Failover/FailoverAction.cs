using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Failover.HandOver;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Failover;

/// <summary>The traffic of one node goes to another. A drained node is one as well.</summary>
internal sealed class FailoverAction(FailoverRequest request) : IAction
{
    public string Verb => request.Verb;

    public string BackWithoutJournal => $"lbctl failover {request.To.Name} {request.From.Name}";

    public IReadOnlyList<VirtualIp> Watched(Fleet fleet) => fleet.Vips;

    public async Task<Proposal> ProposeAsync(World world, string runId, CancellationToken cancellation)
    {
        var asked = request with { HandOverId = HandOverId.Of(runId) };
        // Both at once: the configuration test costs as much as all the looking.
        var looking = world.LookAsync(cancellation);
        var testing = TestTargetAsync(world, looking, cancellation);
        var repeats = RepeatsLastRun(world);
        var observation = await looking;
        var facts = new FailoverFacts
        {
            Observation = observation,
            HandOver = await new HandOverLook(world.Fleet, world.Ports, asked).AskAsync(observation, cancellation),
            TargetConfigurationError = (await testing).Error,
            TargetConfigurationUntested = (await testing).Untested,
            RepeatsLastRun = repeats,
        };
        return new(FailoverPlanner.Build(world.Fleet, facts, asked), observation);
    }

    /// <returns>Nothing when it passed, or when TO cannot be reached: the observation says that better.</returns>
    private async Task<(string? Error, string? Untested)> TestTargetAsync(
        World world, Task<Observation> looking, CancellationToken cancellation)
    {
        try
        {
            return (await world.Ports.Balancer(request.To.Name).TestConfigurationAsync(cancellation), null);
        }
        catch (AdapterException e)
        {
            // That nobody could look is no word against it.
            return (null, (await looking).Node(request.To.Name).Reachable ? e.Message : null);
        }
    }

    private bool RepeatsLastRun(World world)
    {
        var last = world.Journals.Newest(world.Fleet.Cluster).FirstOrDefault(r => r.MayHaveChanged);
        return last is { Start: { Undoes: null, Subjects: var subjects } }
            && subjects.GetValueOrDefault("from") == request.From.Name
            && subjects.GetValueOrDefault("to") == request.To.Name;
    }
}
