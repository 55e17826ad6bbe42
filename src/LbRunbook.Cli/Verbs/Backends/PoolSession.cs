using System.CommandLine;
using LbRunbook.Adapters;
using LbRunbook.Adapters.Observing;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Verbs.Backends;

/// <summary>What all mutations of a pool share: one look at the fleet while the verb asks its own questions, a plan from both, and a run.</summary>
internal static class PoolSession
{
    private static readonly ObservationScope Scope = new() { Full = false, GiveUpOnSilence = TimeSpan.FromMilliseconds(500) };

    /// <param name="context">The process.</param>
    /// <param name="parse">Its command line.</param>
    /// <param name="verb">The verb.</param>
    /// <param name="fleet">Where.</param>
    /// <param name="flags">How it was asked for.</param>
    /// <param name="planAsync">Asks beside the look, which is under way, and plans.</param>
    public static async Task<int> RunAsync(
        CliContext context, ParseResult parse, string verb, Fleet fleet, MutationFlags flags,
        Func<AdapterSet, Task<Observation>, CancellationToken, Task<PlanResult>> planAsync)
    {
        await using var adapters = AdapterSet.Open(fleet);
        using var view = RunViews.Create(parse, context);
        return await new RunSession(context, adapters, StatePaths.OfProcess(), view).RunAsync(new RunRequest
        {
            Verb = verb,
            Fleet = fleet,
            Next = NextCommand.From(parse, context.Options),
            Flags = flags,
            CommandLine = CommandText.Of(parse),
            // A node that was down: the same steps once more, when it is back.
            NextWhenPartial = runId => $"lbctl resume {runId}",
            ProposeAsync = async cancellation =>
            {
                var looking = LookAsync(cancellation);
                var plan = await planAsync(adapters, looking, cancellation);
                return new(plan, await looking);
            },
            LookAfterAsync = LookAsync,
        });

        Task<Observation> LookAsync(CancellationToken cancellation) => FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, Scope, cancellation);
    }
}
