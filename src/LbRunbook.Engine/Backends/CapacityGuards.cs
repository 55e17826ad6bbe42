using System.Globalization;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Backends;

/// <summary>
/// What a pool can still carry without one backend, on each node by itself, by what the proxy really has in rotation and not by what is
/// configured.
/// </summary>
internal static class CapacityGuards
{
    public const string AcceptLowCapacity = "--accept-low-capacity";
    public const string AcceptEmptyPool = "--accept-empty-pool";

    /// <summary>Predicted share of a server's maxconn from which the operator is told.</summary>
    private const double Tight = 0.8;

    public static IEnumerable<Refusal> Check(Fleet fleet, BackendSituation now, bool acceptLow, bool acceptEmpty)
    {
        foreach (var node in now.Having.Where(n => n.Server!.InRotation))
        {
            var (left, all) = (node.Others.Sum(s => s.Weight), node.Members.Sum(s => Math.Max(1, s.InitialWeight)));
            var share = 100.0 * left / all;
            if (left == 0)
            {
                if (!acceptEmpty)
                    yield return new("last-backend",
                        $"{node.Server!.Server} is the last server of {now.Pool.Name} in rotation on {node.Node.Name}: without "
                            + "it the pool serves nobody", AcceptEmptyPool, "lbctl assess");
                continue;
            }
            if (acceptLow)
                continue;
            if (share < fleet.Thresholds.MinimumHealthy)
            {
                yield return new("minimum-capacity",
                    string.Create(CultureInfo.InvariantCulture,
                        $"{now.Pool.Name} on {node.Node.Name} would be left with {share:0} % of its weight ({node.Others.Count} of "
                            + $"{node.Members.Count} servers: {string.Join(", ", node.Others.Select(s => s.Server))}); the limit is "
                            + $"{fleet.Thresholds.MinimumHealthy:0} %"),
                    AcceptLowCapacity, "lbctl assess");
            }
            foreach (var full in Loads(node).Where(l => l.Share > 1))
                yield return new("predicted-load", Words(full, node), AcceptLowCapacity, "lbctl assess");
        }
    }

    public static IEnumerable<string> Warnings(BackendSituation now) =>
        now.Having.Where(n => n.Server!.InRotation)
            .SelectMany(n => Loads(n).Where(l => l.Share is > Tight and <= 1).Select(l => Words(l, n)));

    /// <summary>The backend's sessions and its queue, spread by weight over what is left.</summary>
    private static IEnumerable<(string Server, double Share, long Limit)> Loads(BackendOnNode node)
    {
        var moving = node.Server!.CurrentSessions + node.Server.Queued;
        var weight = node.Others.Sum(s => s.Weight);
        return node.Others.Where(s => s.SessionLimit > 0)
            .Select(s => (s.Server, (s.CurrentSessions + ((double)moving * s.Weight / weight)) / s.SessionLimit!.Value,
                s.SessionLimit.Value));
    }

    private static string Words((string Server, double Share, long Limit) load, BackendOnNode node) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{load.Server} on {node.Node.Name} would go to {load.Share * 100:0} % of its maxconn ({load.Limit})");
}
