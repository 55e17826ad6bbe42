using System.CommandLine;
using LbRunbook.Adapters;
using LbRunbook.Adapters.Observing;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Verbs.Backends;

/// <summary>Looks at one backend on every node, plans, and runs it like every other mutation.</summary>
internal static class BackendSession
{
    private static readonly ObservationScope Scope = new() { Full = false, GiveUpOnSilence = TimeSpan.FromMilliseconds(500) };

    public static Task<int> RunAsync(CliContext context, ParseResult parse, string verb, Fleet fleet, (Pool Pool, Backend Backend) target, MutationFlags flags, Func<BackendSituation, PlanResult> build) =>
        RunAsync(context, parse, verb, fleet, target, flags, (_, _) => Task.FromResult(true), (now, _) => build(now));

    /// <param name="context">The process.</param>
    /// <param name="parse">Its command line.</param>
    /// <param name="verb">The verb.</param>
    /// <param name="fleet">Where.</param>
    /// <param name="target">Whom.</param>
    /// <param name="flags">How it was asked for.</param>
    /// <param name="learnAsync">What the plan needs besides the look; done at the same time.</param>
    /// <param name="build">Plans, from both.</param>
    public static async Task<int> RunAsync<TFacts>(
        CliContext context, ParseResult parse, string verb, Fleet fleet, (Pool Pool, Backend Backend) target, MutationFlags flags,
        Func<IPorts, CancellationToken, Task<TFacts>> learnAsync, Func<BackendSituation, TFacts, PlanResult> build)
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
                var looking = FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, Scope, cancellation);
                var learning = learnAsync(adapters, cancellation);
                var kept = await Task.WhenAll(fleet.Nodes.Select(async n => (n.Name, Why: await WhyNotKeptAsync(adapters, n, looking, cancellation))));
                var seen = await looking;
                var now = new BackendSituation(fleet, seen, kept.ToDictionary(k => k.Name, k => k.Why), target.Pool, target.Backend);
                return new(build(now, await learning), seen);
            },
            LookAfterAsync = cancellation => FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, Scope, cancellation),
        });
    }

    private static Task<string?> WhyNotKeptAsync(AdapterSet adapters, Node node, Task looking, CancellationToken cancellation) =>
        BesideTheLook.AskAsync(looking, limit => adapters.ProxyServers.WhyNotKeptAsync(node, limit), why => $"{node.Name}: {why}", cancellation);
}
