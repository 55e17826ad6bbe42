using System.CommandLine;
using LbRunbook.Adapters;
using LbRunbook.Adapters.Observing;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Cli.Verbs.Backends;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Verbs.Scale;

/// <summary>Looks at one pool on every node, plans, and runs it like every other mutation.</summary>
internal static class ScaleSession
{
    private static readonly ObservationScope Scope = new() { Full = false, GiveUpOnSilence = TimeSpan.FromMilliseconds(500) };

    public static async Task<int> RunAsync(CliContext context, ParseResult parse, string verb, Fleet fleet, Pool pool, MutationFlags flags, Func<ScaleSituation, PlanResult> build)
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
            NextWhenPartial = runId => $"lbctl resume {runId}",
            ProposeAsync = async cancellation =>
            {
                var looking = FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, Scope, cancellation);
                var asked = await Task.WhenAll(fleet.Nodes.Select(async n => (n.Name, Answer: await AskAsync(adapters, n, pool, looking, cancellation))));
                var seen = await looking;
                return new(build(new ScaleSituation(fleet, seen, asked.ToDictionary(a => a.Name, a => a.Answer), pool)), seen);
            },
            LookAfterAsync = cancellation => FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, Scope, cancellation),
        });
    }

    private static async Task<NodeAnswer> AskAsync(AdapterSet adapters, Node node, Pool pool, Task looking, CancellationToken cancellation)
    {
        var kept = BesideTheLook.AskAsync(looking, limit => adapters.ProxyServers.WhyNotKeptAsync(node, limit), why => why, cancellation);
        var lines = await BesideTheLook.AskAsync<(PoolLines?, string?)>(looking, async limit => (await adapters.PoolMembers.ReadAsync(node, pool.NameInProxy, limit), null), why => (null, why), cancellation);
        return new(await kept, lines.Item1, lines.Item2);
    }
}
