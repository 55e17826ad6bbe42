using LbRunbook.Core.Model;

namespace LbRunbook.Cli.Verbs.Failover.HandOver;

/// <summary>What the operator should know of the open connections before saying yes.</summary>
internal static class HandOverWarnings
{
    public static IEnumerable<string> Of(FailoverSituation now)
    {
        var from = now.Request.From;
        foreach (var (node, left) in now.EarlierHandOvers)
            yield return $"a hand-over from {left.From} to {left.To} is not over on {node}: it is ended now, and with it the connections that it still carries";
        if (now.Facts.HandOver?.WhyNot is { } why)
            yield return $"no hand-over of open connections: {why}";
        if (now.HandsOver is not { } facts)
            yield break;
        if (now.From.Proxy?.LetsClientsGo == false)
            yield return $"{from.Name} lacks the lines that let keep-alive clients go politely (config/nginx/lbctl-recommended.conf): each busy one loses a request when its worker ends";
        if (from.Proxy == ProxyKind.Haproxy && !facts.HasCloseMap && from.Haproxy.CloseMap is { } map)
            yield return $"{from.Name} lacks the line that lets keep-alive clients go politely: http-after-response set-header Connection close if {{ str(drain),map_str({map}) -m found }}  (and the empty file {map})";
    }
}
