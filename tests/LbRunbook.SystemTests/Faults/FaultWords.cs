using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LbRunbook.SystemTests.Failover;

namespace LbRunbook.SystemTests.Faults;

/// <summary>What lbctl said, without what differs from run to run.</summary>
internal static partial class FaultWords
{
    /// <summary>"2: NodeDown lb1, VipUnbound": the exit code and every finding, once.</summary>
    public static string OfAssess(int exitCode, JsonNode seen)
    {
        var codes = seen["findings"]!.AsArray().Select(f => (Code: (string)f!["code"]!, Subject: (string?)f["subject"] ?? "")).ToList();
        // Of two holders now one answers and now the other: whether a check in between is reset is chance.
        if (codes.Any(c => c.Code == "VipDuplicate"))
            codes.RemoveAll(c => c.Code == "VipNotAnswering");
        // A matter of how busy this machine is.
        codes.RemoveAll(c => c.Code is "BackendSlow" or "BackendDisagreement");
        var named = codes.Select(c =>
            c.Subject.StartsWith("lb", StringComparison.Ordinal) && c.Subject.Length == 3 ? $"{c.Code} {c.Subject}" : c.Code).Distinct();
        return codes.Count == 0 ? $"{exitCode}" : $"{exitCode}: {string.Join(", ", named)}";
    }

    public static string OfRun(RunReport report, string lab)
    {
        var outcome = report.Outcome;
        var refusals = (outcome["refusals"] as JsonArray ?? []).Select(r => $"{(string)r!["reason"]!} [{(string)r["guard"]!}]").ToList();
        // The step that did not end as it should; its words are in the message of the outcome, or in its own.
        var stopped = (outcome["steps"] as JsonArray ?? []).FirstOrDefault(s =>
            (string?)s!["status"] is not ("done" or "already" or "notStarted"));
        var said = refusals.Count > 0 ? string.Join("<br>", refusals)
            : stopped is not null ? $"{(string?)stopped["text"]}: {(string?)stopped["detail"]}"
            : (string?)outcome["message"] ?? report.Result;
        var next = report.Next is { } command ? $"<br>Next: `{command}`" : "";
        return Stable(said + next, lab);
    }

    private static string Stable(string text, string lab)
    {
        text = text.Replace($"--lab={lab} ", "", StringComparison.Ordinal);
        text = ConfigOption().Replace(text, "");
        text = RunId().Replace(text, "RUN");
        text = Details().Replace(text, "");
        text = SshWords().Replace(text, "cannot be reached");
        text = Unknown().Replace(text, "");
        text = Address().Replace(text, "10.0.0.");
        text = Address6().Replace(text, "fd00::");
        text = Mac().Replace(text, "MAC");
        return Whitespace().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"--config[= ]\S+ ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ConfigOption();

    [GeneratedRegex(@"\b\d{8}-\d{6}-\d{3}-[a-z]+\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RunId();

    /// <summary>In parentheses stands what was measured, and what ssh said.</summary>
    [GeneratedRegex(@" \((?>[^()]+|\((?<depth>)|\)(?<-depth>))*(?(depth)(?!))\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Details();

    /// <summary>What ssh says depends on whether a connection from before was there to be used.</summary>
    [GeneratedRegex(@"cannot be reached: [^\[<]*[^\[< ]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SshWords();

    /// <summary>Which of a step's commands was under way is chance.</summary>
    [GeneratedRegex(@" for \d+ s; whether `[^`]*` ran there is not known", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Unknown();

    [GeneratedRegex(@"\b10\.213\.\d+\.", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"fd00:213:\d+::", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Address6();

    [GeneratedRegex(@"\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mac();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Whitespace();
}
