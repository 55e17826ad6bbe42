using System.CommandLine;
using LbRunbook.Adapters;
using LbRunbook.Cli.Runs;
using LbRunbook.Cli.Verbs.Backends;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Verbs.Scale;

/// <summary>Looks at one pool on every node, plans, and runs it like every other mutation.</summary>
internal static class ScaleSession
{
    public static Task<int> RunAsync(CliContext context, ParseResult parse, string verb, Fleet fleet, Pool pool, MutationFlags flags, Func<ScaleSituation, PlanResult> build) =>
        PoolSession.RunAsync(context, parse, verb, fleet, flags, async (adapters, looking, cancellation) =>
        {
            var asked = await Task.WhenAll(fleet.Nodes.Select(async n => (n.Name, Answer: await AskAsync(adapters, n, pool, looking, cancellation))));
            return build(new ScaleSituation(fleet, await looking, asked.ToDictionary(a => a.Name, a => a.Answer), pool));
        });

    private static async Task<NodeAnswer> AskAsync(AdapterSet adapters, Node node, Pool pool, Task looking, CancellationToken cancellation)
    {
        var kept = BesideTheLook.AskAsync(looking, limit => adapters.ProxyServers.WhyNotKeptAsync(node, limit), why => why, cancellation);
        var lines = await BesideTheLook.AskAsync<(PoolLines?, string?)>(looking, async limit => (await adapters.PoolMembers.ReadAsync(node, pool.NameInProxy, limit), null), why => (null, why), cancellation);
        return new(await kept, lines.Item1, lines.Item2);
    }
}
