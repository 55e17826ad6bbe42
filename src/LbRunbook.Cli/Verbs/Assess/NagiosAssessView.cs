using LbRunbook.Cli.Output;
using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>The monitoring plug-ins' contract: one line, text before the bar, performance data after it.</summary>
internal sealed class NagiosAssessView : IAssessView
{
    public void Write(Assessment assessment, TextWriter output) =>
        output.WriteLine($"LBCTL {SeverityWords.Of(assessment.Severity)} - {Text(assessment.Verdict)} | "
            + $"{string.Join(' ', PerformanceData(assessment))}");

    /// <summary>A failure before anything was seen still has to be one line with a status.</summary>
    public static void WriteUnknown(string message, TextWriter output) =>
        output.WriteLine($"LBCTL {SeverityWords.Of(Severity.Unknown)} - {Text(message)}");

    /// <summary><c>label=value[unit];warn;crit;min;max</c>; a range <c>100:</c> alerts below 100.</summary>
    private static IEnumerable<string> PerformanceData(Assessment assessment)
    {
        if (assessment.HealthRatio is { } ratio)
            yield return $"health={100 * ratio:0.##}%;100:;{assessment.Fleet.Thresholds.MinimumHealthy:0.##}:;0;100";
        yield return $"connections={assessment.Connections};;;0";
        yield return $"elapsed={assessment.Observation.Took.TotalSeconds:0.000}s;;{HumanAssessView.Clock.TotalSeconds:0};0";
        yield return $"problems={assessment.Problems.Count};;;0";
    }

    // A bar would start the performance data, a line break would start the long output.
    private static string Text(string text) => PlainText.Clean(text).Replace('|', '/');
}
