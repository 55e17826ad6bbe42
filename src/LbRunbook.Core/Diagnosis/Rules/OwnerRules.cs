using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>VipUndeclared, VipOtherOwner, VrrpUnknown: addresses that are not, or not only, ours to move.</summary>
internal static class OwnerRules
{
    public static IEnumerable<Finding> Apply(Situation situation)
    {
        foreach (var (node, seen) in situation.Nodes)
        {
            foreach (var held in UndeclaredAddresses.Of(situation.Fleet, seen))
                yield return new(DiagnosisCode.VipUndeclared, Severity.Warning, node.Name,
                    $"{node.Name} carries {held.Address}/{held.PrefixLength} on {held.Interface}, which is not "
                        + "under vips: nobody checks it, and a failover leaves it there", SshText.To(node, "ip -br addr show"));
            if (seen.Keepalived is { Runs: true, Error: { } error })
                yield return new(DiagnosisCode.VrrpUnknown, Severity.Warning, node.Name,
                    $"keepalived runs on {node.Name}, and what it owns is not known: {error}",
                    SshText.AsRoot(node, $"cat {node.Keepalived.Config}"));
        }
        foreach (var vip in situation.Fleet.Vips)
            if (situation.Nodes.SelectMany(p => p.Seen.Owners.Where(o => o.MayOwn(vip.Address)).Select(o => (p.Node, Owner: o)))
                .FirstOrDefault() is (not null, not null) found)
            {
                var to = situation.BestStandby(found.Node)?.Name ?? "TO";
                yield return new(DiagnosisCode.VipOtherOwner, Severity.Ok, vip.Name,
                    $"{found.Owner.Manager} on {found.Node.Name} ({found.Owner.Evidence}) "
                        + (found.Owner.Names(vip.Address) ? $"has {vip.Name} ({vip.Address})" : $"may have {vip.Name} ({vip.Address})")
                        + $": it moves it, not lbctl: {found.Owner.Advice(vip.Address, found.Node.Name, to)}",
                    null);
            }
    }
}
