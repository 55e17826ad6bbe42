using System.Globalization;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Observing;

/// <summary>The lines of <c>checks.sh</c>, judged by the same words as a check from here.</summary>
internal static class NodeChecks
{
    /// <returns>Key → result. A backend without a line did not answer in time; empty when the node could not check at all.</returns>
    public static IReadOnlyDictionary<string, CheckResult> Read(LookReport report, Fleet fleet, TimeSpan timeout)
    {
        var lines = report.Checks.Select(l => l.Split('\t')).Where(f => f.Length == 5).ToDictionary(f => f[0]);
        if (report.Checks.Contains("none") || !report.Complete)
            return new Dictionary<string, CheckResult>();
        return fleet.Pools.SelectMany(p => p.Backends.Select(b => (Key: LookScript.Key(p, b), Pool: p))).ToDictionary(
            p => p.Key,
            p => lines.TryGetValue(p.Key, out var fields)
                ? Judge(p.Pool.Health, fields)
                : new CheckResult(false, timeout, $"no answer within {Durations.Format(timeout)}"));
    }

    /// <summary>The one line of a check that was made alone.</summary>
    public static CheckResult One(string output, Pool pool, TimeSpan timeout)
    {
        const string Head = "==check== ";
        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith(Head, StringComparison.Ordinal));
        return line?[Head.Length..].Split('\t') is { Length: 5 } fields
            ? Judge(pool.Health, fields)
            : new(false, timeout, $"no answer within {Durations.Format(timeout)}");
    }

    private static CheckResult Judge(HealthCheck? check, string[] fields)
    {
        _ = double.TryParse(fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds);
        var took = TimeSpan.FromMilliseconds(Math.Max(0, milliseconds));
        var said = Printable.Line(fields[3]);
        if (fields[2] != "ok")
            return new(false, took, Words(said));
        if (check is not HttpCheck http)
            return new(true, took, "accepts connections");
        var words = said.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !words[0].StartsWith("HTTP/", StringComparison.Ordinal) || !int.TryParse(words[1], out var status))
            return new(false, took, "the answer is not HTTP");
        if (status != http.Status)
            return new(false, took, $"HTTP {status} (expected {http.Status})");
        return http.Body is { } body && fields[4] != "1"
            ? new(false, took, $"HTTP {status}, but the body does not contain \"{body}\"")
            : new(true, took, $"HTTP {status}");
    }

    /// <summary>"environment: connect: Connection refused" → "connection refused".</summary>
    private static string Words(string said)
    {
        var last = said[(said.LastIndexOf(": ", StringComparison.Ordinal) is var at and >= 0 ? at + 2 : 0)..];
        return last.Length == 0 ? "no connection" : char.ToLowerInvariant(last[0]) + last[1..];
    }
}
