using LbRunbook.Core.Plans;
using LbRunbook.Core.Probing;

namespace LbRunbook.Cli.Verbs.Probe;

/// <summary>The report for people.</summary>
internal static class HumanProbeView
{
    private const int ChangesShown = 8;

    public static void Write(TextWriter output, ProbeReport report)
    {
        var what = report.Mode switch
        {
            "tcp-connect" => "TCP connects",
            "keep-alive" => "requests on kept connections",
            _ => "requests, each on a new connection",
        };
        output.WriteLine($"{report.Target} from {report.From}: {report.Requests} {what}, {report.DurationMs / 1000:0.0} s at "
            + $"{report.AchievedRps:0.0}/s{(report.EndedEarly ? " (ended early)" : "")}");
        output.WriteLine();
        Row(output, "failures", Failures(report));
        foreach (var (kind, detail) in report.FailureDetails)
            Row(output, "", $"{kind}: {detail}");
        Row(output, "longest outage", Outage(report));
        Row(output, "latency", report.Latency is { } l
            ? $"p50 {ProbeText.Ms(l.P50Ms)}, p95 {ProbeText.Ms(l.P95Ms)}, p99 {ProbeText.Ms(l.P99Ms)}, max {ProbeText.Ms(l.MaxMs)}"
            : "no request succeeded");
        Answerers(output, report);
        Warnings(output, report);
    }

    private static string Failures(ProbeReport report) => report.Failed == 0
        ? "none"
        : $"{report.Failed} ({ProbeText.Percent(report.Failed, report.Requests)}): "
            + $"{string.Join(", ", report.Failures.Select(f => $"{f.Value} {f.Key}"))}";

    private static string Outage(ProbeReport report)
    {
        if (report.LongestOutage is not { } o)
            return "none";
        var end = o.Recovered ? $"to {o.EndedAt:HH:mm:ss.fff} UTC" : "and not over at the end";
        return $"{ProbeText.Ms(o.DurationMs)}, from {o.StartedAt:HH:mm:ss.fff} {end}, {ProbeText.Count(o.Failures, "request")} "
            + $"lost{(report.Outages > 1 ? $" (1 of {report.Outages} outages)" : "")}";
    }

    private static void Answerers(TextWriter output, ProbeReport report)
    {
        var width = report.Answerers.Count == 0 ? 0 : report.Answerers.Max(a => a.Name.Length);
        var label = "answered by";
        foreach (var a in report.Answerers)
        {
            Row(output, label, $"{a.Name.PadRight(width)}  {ProbeText.Count(a.Requests, "request")}, {ProbeText.At(a.FirstAtMs)} to "
                + $"{ProbeText.At(a.LastAtMs)}");
            label = "";
        }
        if (report.AnswererChanges is 0 or > ChangesShown)
        {
            if (report.AnswererChanges > 0)
                Row(output, "changes", $"{report.AnswererChanges}, the first at {ProbeText.At(report.Changes[0].AtMs)}");
            return;
        }
        Row(output, "changes", string.Join(", ", report.Changes.Select(c => $"{c.From} → {c.To} at {ProbeText.At(c.AtMs)}")));
    }

    private static void Warnings(TextWriter output, ProbeReport report)
    {
        if (report.Unfinished > 0)
            Row(output, "unfinished", $"{ProbeText.Count(report.Unfinished, "request")} still in flight at the end, not counted");
        if (report.LateSends > 0)
            Row(output, "late sends",
                $"{report.LateSends} of {report.Requests}, up to {ProbeText.Ms(report.LatestSendMs)}: the sending machine was "
                    + "busy, and latency includes it");
        if (report.Failures.TryGetValue(FailureKind.Overload, out var overload))
            Row(output, "overload", $"{ProbeText.Count(overload, "request")} not sent, since too many were waiting for an answer");
    }

    private static void Row(TextWriter output, string label, string text) => output.WriteLine($"  {label,-16}{text}");
}
