using System.CommandLine;
using LbRunbook.Adapters;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Verbs.Backends;

/// <summary>Looks at one backend on every node, plans, and runs it like every other mutation.</summary>
internal static class BackendSession
{
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
    public static Task<int> RunAsync<TFacts>(
        CliContext context, ParseResult parse, string verb, Fleet fleet, (Pool Pool, Backend Backend) target, MutationFlags flags,
        Func<IPorts, CancellationToken, Task<TFacts>> learnAsync, Func<BackendSituation, TFacts, PlanResult> build) =>
        PoolSession.RunAsync(context, parse, verb, fleet, flags, async (adapters, looking, cancellation) =>
        {
            var learning = learnAsync(adapters, cancellation);
            var kept = await Task.WhenAll(fleet.Nodes.Select(async n => (n.Name, Why: await WhyNotKeptAsync(adapters, n, looking, cancellation))));
            var now = new BackendSituation(fleet, await looking, kept.ToDictionary(k => k.Name, k => k.Why), target.Pool, target.Backend);
            return build(now, await learning);
        });

    private static Task<string?> WhyNotKeptAsync(AdapterSet adapters, Node node, Task looking, CancellationToken cancellation) =>
        BesideTheLook.AskAsync(looking, limit => adapters.ProxyServers.WhyNotKeptAsync(node, limit), why => $"{node.Name}: {why}", cancellation);
}
