using System.CommandLine;
using LbRunbook.Adapters;
using LbRunbook.Adapters.Observing;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Runs.Past;

/// <summary>Runs a plan that was made from the journal: the same way as every other mutation.</summary>
internal static class PastRunSession
{
    private static readonly ObservationScope Scope = new() { Full = false, GiveUpOnSilence = TimeSpan.FromMilliseconds(500) };

    public static async Task<int> RunAsync(CliContext context, ParseResult parse, string verb, Fleet fleet, StatePaths state, MutationFlags flags, PlanResult result)
    {
        await using var adapters = AdapterSet.Open(fleet);
        using var view = RunViews.Create(parse, context);
        using var gap = fleet.Vips.Count > 0 ? new GapMeter(fleet.Vips[0], context.Time) : null;
        return await new RunSession(context, adapters, state, view).RunAsync(new RunRequest
        {
            Verb = verb,
            Fleet = fleet,
            Next = NextCommand.From(parse, context.Options),
            Flags = flags,
            CommandLine = CommandText.Of(parse),
            Gap = gap,
            ProposeAsync = async cancellation => new(result, await FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, Scope, cancellation)),
            LookAfterAsync = cancellation => FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, Scope, cancellation),
        });
    }
}
