using System.Globalization;
using LbRunbook.Core.Model;

namespace LbRunbook.Engine.Scale;

/// <summary>What a pool has in rotation, node by node, before and after.</summary>
internal static class Capacity
{
    public static string Before(ScaleSituation now) =>
        string.Join("; ", now.Answering.Select(n => $"{n.Node.Name}: {Words(InRotation(n, _ => true))}"));

    public static IEnumerable<string> Afterwards(ScaleSituation now, IReadOnlyList<Backend> coming, IReadOnlyList<Backend> going) =>
        now.Answering.Select(node =>
    {
        var (before, after) = Change(now, node, coming, going);
        return $"capacity of {now.Pool.Name} on {node.Node.Name}: before {Words(before)}, after {Words(after)}{Share(before, after)}";
    });

    /// <summary>For the title: "from 3 to 4 servers (+33 %)", once where the nodes agree.</summary>
    public static string InShort(ScaleSituation now, IReadOnlyList<Backend> coming, IReadOnlyList<Backend> going) =>
        string.Join("; ", now.Answering.Select(node =>
    {
        var (before, after) = Change(now, node, coming, going);
        return $"from {before.Count} to {after.Count} servers{Share(before, after)}";
    }).Distinct());

    private static ((int Count, int Weight) Before, (int Count, int Weight) After) Change(
        ScaleSituation now, ScaleNode node, IReadOnlyList<Backend> coming, IReadOnlyList<Backend> going)
    {
        var others = InRotation(node, m => !going.Concat(coming).Any(b => m.Is(now.Pool, b)));
        // A backup server is no capacity before all others are gone.
        var adding = coming.Where(b => node.Server(b)?.Backup != true).ToList();
        return (InRotation(node, _ => true), (others.Count + adding.Count, others.Weight + adding.Sum(node.WeightOf)));
    }

    private static string Share((int Count, int Weight) before, (int Count, int Weight) after) => before.Weight > 0
        ? string.Create(CultureInfo.InvariantCulture, $" ({100.0 * (after.Weight - before.Weight) / before.Weight:+0;-0;0} %)")
        : "";

    private static (int Count, int Weight) InRotation(ScaleNode node, Func<Core.Observations.ServerState, bool> which)
    {
        var servers = node.Members.Where(m => m.InRotation && which(m)).ToList();
        return (servers.Count, servers.Sum(m => m.Weight));
    }

    private static string Words((int Count, int Weight) capacity) =>
        $"{capacity.Count} server{(capacity.Count == 1 ? "" : "s")}, weight {capacity.Weight}";
}
