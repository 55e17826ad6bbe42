using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Engine.Failover;

/// <summary>A node by name or address; an unknown one is an error with the nearest name, never a guess that is acted on.</summary>
internal static class NodeLookup
{
    public static Node Find(Fleet fleet, string nameOrAddress)
    {
        if (fleet.FindNode(nameOrAddress) is { } node)
            return node;
        var names = fleet.Nodes.Select(n => n.Name).ToList();
        var near = Nearest.To(nameOrAddress, names);
        throw new OperatorException(ExitCode.Usage,
            $"no node '{nameOrAddress}' in cluster {fleet.Cluster}; nodes: "
                + $"{string.Join(", ", names)}{(near is null ? "" : $"; did you mean {near}?")}",
            "lbctl assess");
    }
}
