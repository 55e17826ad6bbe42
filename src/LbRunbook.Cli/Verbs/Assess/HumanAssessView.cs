using LbRunbook.Cli.Output;
using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using Spectre.Console;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>Topology, pools, findings with what to type, and the verdict last: where the eye is when the prompt comes back.</summary>
internal sealed class HumanAssessView(Func<TextWriter, IAnsiConsole> screen, NextCommand next) : IAssessView
{
    /// <summary>The playbook gives the assessment thirty seconds.</summary>
    public static readonly TimeSpan Clock = TimeSpan.FromSeconds(30);

    public void Write(Assessment assessment, TextWriter output)
    {
        var console = screen(output);
        var width = console.Profile.Width;
        var fleet = assessment.Fleet;
        console.MarkupLine($"[bold]{PlainText.Markup(fleet.Cluster)}[/] ({fleet.Environment.ToString().ToLowerInvariant()})");
        console.WriteLine();
        console.Write(TopologyView.Of(fleet, assessment.Observation, width));
        foreach (var vip in assessment.Observation.Vips.Where(v => v.Through is not null))
            console.MarkupLine(VipLine(assessment, vip.Vip));
        foreach (var affinity in assessment.Observation.Affinities.Where(a => a.Clients.Count > 0))
            console.MarkupLine(AffinityLine(assessment.Observation, affinity));
        foreach (var line in VrrpLines.Of(fleet, assessment.Observation))
            console.MarkupLine(line);
        if (assessment.Observation.Pools.Count > 0)
        {
            console.WriteLine();
            console.Write(PoolsView.Of(fleet, assessment.Observation));
        }
        console.WriteLine();
        foreach (var finding in assessment.Findings.Where(f => f.Cause is null))
        {
            WriteFinding(console, output, finding, width);
            foreach (var follows in assessment.Findings.Where(f => f.Cause == finding))
                WriteConsequence(console, output, follows, width);
        }
        WriteVerdict(console, assessment, width);
    }

    private static string VipLine(Assessment assessment, string name)
    {
        var seen = assessment.Observation.Vip(name);
        var check = seen.Through!;
        var by = seen.AnsweredBy is { } node ? $" from {node}" : "";
        var verdict = check.Healthy
            ? $"answers{by} in {check.Took.TotalMilliseconds:0} ms"
            : Tables.Bad($"DOES NOT ANSWER: {check.Detail}");
        return $"{PlainText.Markup(name)} {assessment.Fleet.Vip(name).Address} {verdict}";
    }

    private static string AffinityLine(Observation seen, AffinityObservation affinity)
    {
        var tally = AffinityTally.Of(affinity, seen.Pools.FirstOrDefault(p => p.Pool == affinity.Pool));
        var kept = $"{tally.Kept} of {tally.Returns} requests came back to their backend";
        return $"{PlainText.Markup(affinity.Pool)} by {PlainText.Markup(affinity.Means)}: "
            + $"{(tally.Kept < tally.Returns ? Tables.Bad(kept) : kept)}";
    }

    private void WriteFinding(IAnsiConsole console, TextWriter output, Finding finding, int width)
    {
        const int Indent = 10;
        var lines = PlainText.Wrap($"{finding.Code}: {finding.Message}", width - Indent).ToList();
        Tag(console, SeverityWords.OfFinding(finding.Severity), finding.Severity, Indent);
        console.WriteLine(lines[0]);
        foreach (var line in lines.Skip(1))
            console.WriteLine(new string(' ', Indent) + line);
        // Written past Spectre: a command that is broken over lines cannot be pasted.
        WriteCommand(output, "Next", Indent, finding.Next);
        WriteCommand(output, "  or", Indent, finding.Or);
    }

    /// <summary>Below its cause. What a backend needs is its own; anything else ends with the cause.</summary>
    private void WriteConsequence(IAnsiConsole console, TextWriter output, Finding finding, int width)
    {
        const int Indent = 12;
        var lines = PlainText.Wrap($"{finding.Code}: {finding.Message}", width - Indent).ToList();
        foreach (var (i, line) in lines.Index())
            console.WriteLine((i == 0 ? "→ " : "  ").PadLeft(Indent) + line);
        if (finding.Code is DiagnosisCode.BackendDown or DiagnosisCode.BackendIsolated or DiagnosisCode.PoolDegraded
            && finding.Next != finding.Cause!.Next)
            WriteCommand(output, "Next", Indent, finding.Next);
    }

    private void WriteCommand(TextWriter output, string word, int indent, string? command)
    {
        if (command is not null)
            output.WriteLine($"{new string(' ', indent)}{word}: {PlainText.Clean(next.Qualify(command))}");
    }

    private static void WriteVerdict(IAnsiConsole console, Assessment assessment, int width)
    {
        const int Indent = 10;
        var ratio = assessment.HealthRatio is { } share ? $"{100 * share:0} % of backends healthy; " : "";
        if (assessment.Findings.Count > 0)
            console.WriteLine();
        Tag(console, SeverityWords.Of(assessment.Severity), assessment.Severity, Indent);
        var lines = PlainText.Wrap(assessment.Summary, width - Indent).ToList();
        console.WriteLine(lines[0]);
        foreach (var line in lines.Skip(1))
            console.WriteLine(new string(' ', Indent) + line);
        console.WriteLine($"{new string(' ', Indent)}{ratio}assessed in {assessment.Observation.Took.TotalSeconds:0.0} s "
            + $"of {Clock.TotalSeconds:0} s");
    }

    private static void Tag(IAnsiConsole console, string word, Severity severity, int indent)
    {
        console.Markup($"[{SeverityWords.Style(severity)}]{word}[/]");
        console.Write(new string(' ', Math.Max(1, indent - word.Length)));
    }
}
