using LbRunbook.Core.Model;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>VipUnbound and VipOnWrongNode: nobody carries it, or not the best one.</summary>
internal static class VipHolderRules
{
    public static IEnumerable<Finding> Apply(Situation situation) => situation.Fleet.Vips
        .Select(vip => situation.HoldersOf(vip) switch
        {
            [] => Unbound(situation, vip),
            [var holder] => WrongNode(situation, vip, holder),
            _ => null,
        })
        .OfType<Finding>();

    private static Finding? Unbound(Situation situation, VirtualIp vip)
    {
        var seen = situation.Of(vip);
        var notAsked = situation.Nodes.Where(p => !Situation.LoggedIn(p.Seen)).ToList();
        // Somebody answers for it and we could not ask everybody: that is NodeUnreachable, not an unbound address.
        if (seen is { Through.Healthy: true } || notAsked.Count > 0 && seen?.WireMacs is { Count: > 0 })
            return null;
        // Nor can it be called unbound while a node that may well be alive was not asked.
        if (notAsked.Any(p => !Situation.IsDown(p.Seen)) && seen?.WireMacs is null)
            return null;

        var stranger = seen?.WireMacs is { Count: > 0 } macs ? $"; a stranger answers for it ({string.Join(", ", macs)})" : "";
        var message = $"no node carries {vip.Address} ({vip.Name}){stranger}";
        var dead = notAsked.Select(p => p.Node).FirstOrDefault();
        var to = situation.BestStandby();
        var next = (dead, to) switch
        {
            (_, null) => "lbctl assess --watch",
            ({ } from, _) => $"lbctl failover {from.Name} {to.Name}",
            // By hand it would be keepalived's enemy.
            _ when KeepalivedRules.StartNext(situation, vip) is { } start => start,
            _ => SshText.AsRoot(to, $"ip addr replace {vip.Cidr} dev {vip.InterfaceOn(to)}"),
        };
        return new(DiagnosisCode.VipUnbound, Severity.Critical, vip.Name, message, next);
    }

    private static Finding? WrongNode(Situation situation, VirtualIp vip, Node holder) =>
        situation.BestStandby() is { } best && best.Priority > holder.Priority
            ? new(DiagnosisCode.VipOnWrongNode, Severity.Ok, vip.Name,
                $"{vip.Address} ({vip.Name}) is on {holder.Name} (priority {holder.Priority}) while {best.Name} (priority "
                    + $"{best.Priority}) is ready",
                $"lbctl failover {holder.Name} {best.Name}")
            : null;
}
