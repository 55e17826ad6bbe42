using System.CommandLine;
using LbRunbook.Adapters;
using LbRunbook.Adapters.Observing;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Cli.Verbs.Failover.HandOver;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Verbs.Failover;

/// <summary>One failover: the looks it needs, and the way to the planner and the run. <c>drain NODE</c> is one as well.</summary>
internal sealed class FailoverRun(CliContext context, Fleet fleet, FailoverRequest request)
{
    /// <summary>No sign of life for this long and nobody waits for SSH's own timeout any more.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    private static readonly ObservationScope Scope = new() { Full = false, Budget = TimeSpan.FromSeconds(10), GiveUpOnSilence = Silence };

    public async Task<int> RunAsync(ParseResult parse, string runId, MutationFlags flags, IRunView view)
    {
        await using var adapters = AdapterSet.Open(fleet);
        var state = StatePaths.OfProcess();
        using var gap = fleet.Vips.Count > 0 ? new GapMeter(fleet.Vips[0], context.Time) : null;
        return await new RunSession(context, adapters, state, view).RunAsync(new RunRequest
        {
            Verb = "failover",
            RunId = runId,
            Fleet = fleet,
            Next = NextCommand.From(parse, context.Options),
            Flags = flags,
            CommandLine = CommandText.Of(parse),
            BackWithoutJournal = $"lbctl failover {request.To.Name} {request.From.Name}",
            Gap = gap,
            ProposeAsync = cancellation => ProposeAsync(adapters, state, cancellation),
            LookAfterAsync = cancellation => FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, Scope, cancellation),
        });
    }

    private async Task<Proposal> ProposeAsync(AdapterSet adapters, StatePaths state, CancellationToken cancellation)
    {
        // Both at once: the configuration test costs as much as all the looking.
        var looking = FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, Scope, cancellation);
        var testing = TestTargetAsync(adapters, request.To, looking, cancellation);
        var repeats = RepeatsLastRun(state);
        var observation = await looking;
        var facts = new FailoverFacts
        {
            Observation = observation,
            HandOver = await new HandOverLook(fleet, adapters, request).AskAsync(observation, cancellation),
            TargetConfigurationError = await testing,
            RepeatsLastRun = repeats,
        };
        return new(FailoverPlanner.Build(fleet, facts, request), observation);
    }

    /// <returns>Null when it passed, or when TO cannot be reached: the observation says that better.</returns>
    private static async Task<string?> TestTargetAsync(AdapterSet adapters, Node target, Task<Observation> looking, CancellationToken cancellation)
    {
        try
        {
            return await adapters.LoadBalancers.TestConfigurationAsync(target, cancellation);
        }
        catch (AdapterException e)
        {
            return (await looking).Node(target.Name).Reachable ? e.Message : null;
        }
    }

    private bool RepeatsLastRun(StatePaths state)
    {
        var last = new JournalStore(state).Newest(fleet.Cluster).FirstOrDefault(r => r.MayHaveChanged);
        return last is { Start.Verb: "failover" or "resume" }
            && last.Start.Subjects.GetValueOrDefault("from") == request.From.Name
            && last.Start.Subjects.GetValueOrDefault("to") == request.To.Name;
    }
}
