using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

internal static class ConfigDriftRule
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Nodes.Where(p => p.Seen.ConfigHash is not null).GroupBy(p => p.Node.Proxy).Select(g => Of([.. g])).OfType<Finding>();

    private static Finding? Of(IReadOnlyList<(Node Node, NodeObservation Seen)> nodes)
    {
        // Byte-equal files never drift, whatever the placeholders make of each node's own addresses.
        if (nodes.Select(n => n.Seen.ConfigHash).Distinct().Count() < 2
            || nodes.Select(n => n.Seen.ConfigFingerprint ?? n.Seen.ConfigHash).Distinct().Count() < 2)
            return null;
        var (first, second) = (nodes[0], nodes.First(n => n.Seen.ConfigFingerprint != nodes[0].Seen.ConfigFingerprint));
        var groups = nodes.GroupBy(n => n.Seen.ConfigFingerprint).Select(g => string.Join("+", g.Select(n => n.Node.Name)));
        return new(DiagnosisCode.ConfigDrift, Severity.Warning, string.Join(",", nodes.Select(n => n.Node.Name)),
            $"{first.Node.ProxyConfigPath} differs between {string.Join(" and ", groups)} in more than their own names and addresses",
            $"diff <({SshText.AsRoot(first.Node, $"cat {first.Node.ProxyConfigPath}")}) "
                + $"<({SshText.AsRoot(second.Node, $"cat {second.Node.ProxyConfigPath}")})");
    }
}
