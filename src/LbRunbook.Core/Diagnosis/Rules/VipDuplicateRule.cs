using LbRunbook.Core.Model;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>More than one owner, by the kernels' own word or by the answers on the wire.</summary>
internal static class VipDuplicateRule
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Fleet.Vips.Select(vip => Of(situation, vip)).OfType<Finding>();

    private static Finding? Of(Situation situation, VirtualIp vip)
    {
        var holders = situation.HoldersOf(vip);
        var seen = situation.Of(vip);
        var macs = seen?.WireMacs ?? [];
        if (holders.Count < 2 && macs.Count < 2)
            return null;

        var evidence = new List<string>();
        if (holders.Count > 1)
            evidence.Add($"carried by {string.Join(" and ", holders.Select(h => h.Name))}");
        if (macs.Count > 1)
            evidence.Add($"answered on the wire by {string.Join(" and ", macs.Select(m => Owner(situation, m)))}, asked from {seen!.WireVantage}");
        return new(DiagnosisCode.VipDuplicate, Severity.Critical, vip.Name,
            $"{vip.Address} ({vip.Name}) is {string.Join("; ", evidence)}", Next(situation, holders));
    }

    /// <summary>The best node that serves keeps it; from the others it is moved there, which removes it.</summary>
    private static string Next(Situation situation, IReadOnlyList<Node> holders)
    {
        var keep = holders.FirstOrDefault(h => situation.Of(h) is { } seen && Situation.Serves(seen));
        var extra = holders.LastOrDefault(h => h != keep);
        return keep is not null && extra is not null ? $"lbctl failover {extra.Name} {keep.Name}" : "lbctl assess --output json";
    }

    private static string Owner(Situation situation, string mac) =>
        situation.Nodes.FirstOrDefault(p => p.Seen.Macs.Values.Contains(mac)).Node is { } node ? $"{node.Name} ({mac})" : mac;
}
