using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

/// <summary>Who carries what, one line a node: what is shown before and after a change.</summary>
internal static class TopologyLines
{
    public static IEnumerable<string> Of(Fleet fleet, Observation observation)
    {
        var rows = fleet.Nodes.OrderByDescending(n => n.Priority)
            .Select(n => (Node: n, Seen: observation.Nodes.FirstOrDefault(o => o.Node == n.Name)))
            .Where(r => r.Seen is not null)
            .Select(r => (r.Node.Name, r.Node.Host, State: State(r.Node, r.Seen!), Holds: Holds(fleet, r.Node, r.Seen!)))
            .ToList();
        if (rows.Count == 0)
            yield break;
        var (name, host, state) = (rows.Max(r => r.Name.Length), rows.Max(r => r.Host.Length), rows.Max(r => r.State.Length));
        foreach (var row in rows)
            yield return $"{row.Name.PadRight(name)}  {row.Host.PadRight(host)}  {row.State.PadRight(state)}  {row.Holds}".TrimEnd();
        foreach (var vip in fleet.Vips.Where(v => observation.HoldersOf(v).Count != 1 && observation.Nodes.Any(n => n.Reachable)))
        {
            var holders = observation.HoldersOf(vip);
            yield return holders.Count == 0
                ? $"! {vip.Name} ({vip.Address}) is on no node that could be asked"
                : $"! {vip.Name} ({vip.Address}) is on {string.Join(" and ", holders)} at once";
        }
    }

    private static string State(Node node, NodeObservation seen)
    {
        if (!seen.Reachable)
            return seen.Reach.Word();
        if (seen.Proxy is { Answers: true } proxy)
            return $"{node.ProxyName} up, {proxy.CurrentConnections} {(proxy.CurrentConnections == 1 ? "connection" : "connections")}";
        return seen.Service is { Active: true }
            ? $"{node.ProxyName} runs, does not answer"
            : $"{node.ProxyName} {seen.Service?.SubState ?? "unknown"}";
    }

    private static string Holds(Fleet fleet, Node node, NodeObservation seen)
    {
        var vips = fleet.Vips.Where(v => seen.Addresses.Any(a => !a.Silent && a.Address == v.Address.ToString()))
            .Select(v => $"{v.Name} {v.Address}").ToList();
        vips.AddRange(UndeclaredAddresses.Of(fleet, seen).Select(a => $"{a.Address} (not under vips:)"));
        return vips.Count > 0 ? "holds " + string.Join(", ", vips) : seen.Reachable ? "standby" : "";
    }
}
