using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Failover;

/// <summary>
/// Somebody else owns an address that would be moved by hand: what is taken away is put back, and then two nodes have it.
/// </summary>
internal static class OwnerGuards
{
    public static IEnumerable<Refusal> Check(FailoverSituation now, IReadOnlyList<VirtualIp> vips)
    {
        if (now.Request.AcceptOtherOwner)
            yield break;
        // One that could not be read has been refused already.
        var unexplained = vips.Where(v => now.From.Keepalived is { Runs: true, Error: null }
            && now.Facts.Observation.HoldersOf(v).Contains(now.From.Node)).ToList();
        if (unexplained.Count > 0)
            yield return new("address-owner",
                $"keepalived runs on {now.From.Node}, which carries {Names(unexplained)}, and none of its instances has that address: who "
                    + "put it there is not known. If it was by hand, say so", FailoverGuards.AcceptOtherOwner, "lbctl assess");
        // One that runs on both is said once: of the node that has the address.
        foreach (var (node, owner) in ((NodeObservation[])[now.From, now.To]).SelectMany(n => n.Owners.Select(o => (n.Node, Owner: o)))
            .Where(p => vips.Any(v => p.Owner.MayOwn(v.Address))).DistinctBy(p => p.Owner.Manager))
            yield return Of(now, node, owner, [.. vips.Where(v => owner.MayOwn(v.Address))]);
    }

    private static Refusal Of(FailoverSituation now, string node, AddressOwner owner, IReadOnlyList<VirtualIp> vips)
    {
        var named = vips.Where(v => owner.Names(v.Address)).ToList();
        var claim = named.Count > 0
            ? $"has {Names(named)} in its configuration"
            : $"may own {Names(vips)}: what it owns is not known";
        var advice = owner.Advice((named.Count > 0 ? named : vips)[0].Address, now.Request.From.Name, now.Request.To.Name);
        return new("address-owner",
            $"{owner.Manager} on {node} ({owner.Evidence}) {claim}. What is moved by hand it puts back. Its own way: {advice}",
            FailoverGuards.AcceptOtherOwner, "lbctl assess");
    }

    private static string Names(IReadOnlyList<VirtualIp> vips) => string.Join(", ", vips.Select(v => $"{v.Name} ({v.Address})"));
}
