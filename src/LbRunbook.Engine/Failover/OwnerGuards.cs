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
        foreach (var vip in vips)
        {
            // One that could not be read has been refused already.
            if (now.From.Keepalived is { Runs: true, Error: null }
                && now.Facts.Observation.HoldersOf(vip).Contains(now.From.Node))
                yield return new("address-owner",
                    $"keepalived runs on {now.From.Node}, which carries {vip.Name} ({vip.Address}), and none of "
                        + "its instances that could be "
                        + "read has that address: who put it there is not known. If it was by hand, say so",
                    FailoverGuards.AcceptOtherOwner, "lbctl assess");
            foreach (var (node, owner) in Owners(now, vip))
                yield return new("address-owner",
                    $"{owner.Manager} on {node} ({owner.Evidence}) {Claim(owner, vip)}: what is moved by hand it puts back. Its own way: "
                        + owner.Advice(vip.Address, now.Request.From.Name, now.Request.To.Name),
                    FailoverGuards.AcceptOtherOwner, "lbctl assess");
        }
    }

    /// <summary>One that runs on both is said once: of the node that has the address.</summary>
    private static IEnumerable<(string Node, AddressOwner Owner)> Owners(FailoverSituation now, VirtualIp vip) =>
        ((NodeObservation[])[now.From, now.To]).SelectMany(n => n.Owners.Where(o => o.MayOwn(vip.Address)).Select(o => (n.Node, o)))
            .DistinctBy(o => o.o.Manager);

    private static string Claim(AddressOwner owner, VirtualIp vip) => owner.Names(vip.Address)
        ? $"has {vip.Name} ({vip.Address}) in its configuration"
        : $"may own {vip.Name} ({vip.Address}): what it owns is not known";
}
