using LbRunbook.Adapters;
using LbRunbook.Adapters.Observing;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Verbs.Failover.Sweep;

/// <summary><c>lbctl failover --sweep [NODE]</c>: a node that came back with an address that is another's by now loses it.</summary>
internal sealed class SweepRun(CliContext context, Fleet fleet, string? node)
{
    public async Task<int> RunAsync(NextCommand next, MutationFlags flags, string commandLine, IRunView view)
    {
        var named = node is null ? null : NodeLookup.Find(fleet, node);
        await using var adapters = AdapterSet.Open(fleet);
        var state = StatePaths.OfProcess();
        var scope = new ObservationScope { Full = false, Budget = TimeSpan.FromSeconds(10), GiveUpOnSilence = FailoverRun.Silence };
        using var gap = fleet.Vips.Count > 0 ? new GapMeter(fleet.Vips[0], context.Time) : null;
        return await new RunSession(context, adapters, state, view).RunAsync(new RunRequest
        {
            Verb = "failover",
            Fleet = fleet,
            Next = next,
            Flags = flags,
            CommandLine = commandLine,
            Gap = gap,
            ProposeAsync = async cancellation =>
            {
                var observation = await FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, scope, cancellation);
                var last = LastHolder.Of(new JournalStore(state).Newest(fleet.Cluster));
                return new(SweepPlanner.Build(fleet, new(observation, last?.Node, named)), observation);
            },
            LookAfterAsync = cancellation => FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, scope, cancellation),
        });
    }
}
