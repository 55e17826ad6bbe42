using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Failover.HandOver;

/// <summary>What the operator should know of the open connections before saying yes.</summary>
internal static class HandOverWarnings
{
    public static IEnumerable<string> Of(FailoverSituation now)
    {
        var from = now.Request.From;
        foreach (var (node, left) in now.EarlierHandOvers)
            yield return $"a hand-over from {left.From} to {left.To} is not over on {node}: it is ended now, and with it the "
                + "connections that it still carries";
        if (now.Facts.HandOver?.WhyNot is { } why)
            yield return $"no hand-over of open connections: {why}";
        if (now.HandsOver is not { } facts)
            yield break;
        if (now.From.Proxy?.LetsClientsGo == false)
            yield return $"{from.Name} lacks the lines that let keep-alive clients go politely (config/nginx/lbctl-recommended.conf): "
                + "each busy one loses a request when its worker ends";
        if (!from.Can.SetsAtRunTime && facts.Renewal is { WhyNot: { } unloaded })
            yield return $"{from.Name} lets no keep-alive client go before its connections end: {unloaded}";
        if (from.Can.SetsAtRunTime && facts.Renewal is { } renewal)
            yield return $"{from.Name} lacks the line that lets keep-alive clients go politely{Line(from)}: {Instead(renewal)}";
    }

    private static string Line(Node node) => node.Haproxy.CloseMap is { } map
        ? $" (http-after-response set-header Connection close if {{ str(drain),map_str({map}) -m found }}, and the empty file {map})"
        : "";

    private static string Instead(WorkerRenewal renewal) => renewal switch
    {
        { WhyNot: { } why } => $"they stay until the wait is over, and each busy one then loses a request, because {why}",
        { Spread: { } time } => $"HAProxy is reloaded instead, and its old workers close them over {time} (close-spread-time)",
        _ => "HAProxy is reloaded instead, and its old workers close them all at once: a busy one may lose a request (`close-spread-time "
            + "5s` in the global section makes that rare)",
    };
}
