using LbRunbook.Core.Model;

namespace LbRunbook.Core.Diagnosis.Rules;

internal static class VipNotAnsweringRule
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Fleet.Vips.Select(vip => Of(situation, vip)).OfType<Finding>();

    private static Finding? Of(Situation situation, VirtualIp vip)
    {
        if (situation.Of(vip) is not { Through: { Healthy: false } check })
            return null;
        var holder = situation.HoldersOf(vip) is [var first, ..] ? first : null;
        var where = holder is null ? "" : $" on {holder.Name}";
        return new(DiagnosisCode.VipNotAnswering, Severity.Critical, vip.Name,
            $"{vip.Address} ({vip.Name}){where} fails its check: {check.Detail}", Next(situation, vip, holder));
    }

    private static string Next(Situation situation, VirtualIp vip, Node? holder)
    {
        // Moving helps only when the other side passes the very same check that fails here.
        if (holder is not null && situation.BestStandby(holder) is { } to && situation.Of(to) is { DirectCheck: { Healthy: true } })
            return $"lbctl failover {holder.Name} {to.Name}";
        return vip.EffectiveCheck is HttpCheck http ? $"lbctl probe {Url(vip, http)} --for 10s" : "lbctl assess --watch";
    }

    private static string Url(VirtualIp vip, HttpCheck check)
    {
        var host = vip.IsIPv6 ? $"[{vip.Address}]" : $"{vip.Address}";
        var port = vip.Port == (check.Tls ? 443 : 80) ? "" : $":{vip.Port}";
        return $"{(check.Tls ? "https" : "http")}://{host}{port}{check.Path}";
    }
}
