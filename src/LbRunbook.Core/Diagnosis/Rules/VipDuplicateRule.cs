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
        var failed = situation.Nodes.Where(p => p.Seen.Addresses.Any(a => a.DadFailed && a.Address == vip.Address.ToString()))
            .Select(p => p.Node.Name).ToList();
        if (holders.Count < 2 && macs.Count < 2 && failed.Count == 0)
            return null;

        var evidence = new List<string>();
        if (failed.Count > 0)
            evidence.Add($"unusable on {string.Join(" and ", failed)}: duplicate address detection failed there (dadfailed)");
        if (holders.Count > 1)
            evidence.Add($"carried by {string.Join(" and ", holders.Select(h => h.Name))}");
        if (macs.Count > 1)
            evidence.Add($"answered on the wire by {string.Join(" and ", macs.Select(m => Owner(situation, m)))}, "
                + $"asked from {seen!.WireVantage}");
        return new(DiagnosisCode.VipDuplicate, Severity.Critical, vip.Name,
            $"{vip.Address} ({vip.Name}) is {string.Join("; ", evidence)}",
            KeepalivedRules.SplitBrainNext(situation, vip) ?? Next(situation, holders, macs));
    }

    /// <summary>The sweep decides with the journal who keeps it; what it cannot log in to, it cannot sweep.</summary>
    private static string Next(Situation situation, IReadOnlyList<Node> holders, IReadOnlyList<string> macs)
    {
        if (holders.Count > 1)
            return "lbctl failover --sweep";
        // The other one answers on the wire and is a node that we do not reach, or none of ours.
        var dead = situation.Nodes.FirstOrDefault(p => !Situation.LoggedIn(p.Seen)).Node;
        return macs.Count > 1 && dead is not null && situation.BestStandby(dead) is { } to
            ? $"lbctl failover {dead.Name} {to.Name}"
            : "lbctl assess --output json";
    }

    private static string Owner(Situation situation, string mac) =>
        situation.Nodes.FirstOrDefault(p => p.Seen.Macs.Values.Contains(mac)).Node is { } node ? $"{node.Name} ({mac})" : mac;
}
