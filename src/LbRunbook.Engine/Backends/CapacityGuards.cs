using System.Globalization;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Backends;

/// <summary>
/// What a pool can still carry without the backends that go, pool by pool and on each node by itself, by what the proxy really has in
/// rotation and not by what is configured.
/// </summary>
internal static class CapacityGuards
{
    public const string AcceptLowCapacity = "--accept-low-capacity";
    public const string AcceptEmptyPool = "--accept-empty-pool";

    /// <summary>Predicted share of a server's maxconn from which the operator is told.</summary>
    private const double Tight = 0.8;

    public static IEnumerable<Refusal> Check(Fleet fleet, BackendSituation now, bool acceptLow, bool acceptEmpty)
    {
        foreach (var pool in Pools(now))
        {
            var (left, all) = (pool.Left.Sum(s => s.Weight), pool.First.Members.Sum(s => Math.Max(1, s.InitialWeight)));
            var share = 100.0 * left / Math.Max(1, all);
            if (left == 0)
            {
                if (!acceptEmpty)
                    yield return new("last-backend",
                        $"{pool.Names} {(pool.Going.Count == 1 ? "is the last server" : "are the last servers")} of {pool.Name} in "
                            + $"rotation on {pool.Node}: without {(pool.Going.Count == 1 ? "it" : "them")} the pool serves nobody",
                        AcceptEmptyPool, "lbctl assess");
                continue;
            }
            if (acceptLow)
                continue;
            if (share < fleet.Thresholds.MinimumHealthy)
            {
                yield return new("minimum-capacity",
                    string.Create(CultureInfo.InvariantCulture,
                        $"{pool.Name} on {pool.Node} would be left with {share:0} % of its weight ({pool.Left.Count} of "
                            + $"{pool.First.Members.Count} servers: {string.Join(", ", pool.Left.Select(s => s.Server))}); the limit is "
                            + $"{fleet.Thresholds.MinimumHealthy:0} %"),
                    AcceptLowCapacity, "lbctl assess");
            }
            foreach (var full in Loads(pool).Where(l => l.Share > 1))
                yield return new("predicted-load", Words(full, pool), AcceptLowCapacity, "lbctl assess");
        }
    }

    public static IEnumerable<string> Warnings(BackendSituation now) =>
        Pools(now).SelectMany(p => Loads(p).Where(l => l.Share is > Tight and <= 1).Select(l => Words(l, p)));

    /// <summary>Where something goes that serves somebody: what is out already takes nothing away.</summary>
    private static IEnumerable<PoolOnNode> Pools(BackendSituation now) => now.Having.Where(n => n.Server!.InRotation)
        .GroupBy(n => (n.Node.Name, n.Pool.Name)).Select(g => new PoolOnNode([.. g]));

    /// <summary>The sessions and the queue of what goes, spread by weight over what is left.</summary>
    private static IEnumerable<(string Server, double Share, long Limit)> Loads(PoolOnNode pool)
    {
        var moving = pool.Going.Sum(n => n.Server!.CurrentSessions + n.Server.Queued);
        var weight = pool.Left.Sum(s => s.Weight);
        return pool.Left.Where(s => s.SessionLimit > 0)
            .Select(s => (s.Server, (s.CurrentSessions + ((double)moving * s.Weight / weight)) / s.SessionLimit!.Value,
                s.SessionLimit.Value));
    }

    private static string Words((string Server, double Share, long Limit) load, PoolOnNode pool) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{load.Server} on {pool.Node} would go to {load.Share * 100:0} % of its maxconn ({load.Limit})");

    /// <param name="Going">All of one pool that go from one node.</param>
    private sealed record PoolOnNode(IReadOnlyList<BackendOnNode> Going)
    {
        public BackendOnNode First => Going[0];
        public string Name => First.Pool.Name;
        public string Node => First.Node.Name;
        public string Names => string.Join(", ", Going.Select(n => n.Server!.Server));
        public IReadOnlyList<ServerState> Left => First.Others;
    }
}
