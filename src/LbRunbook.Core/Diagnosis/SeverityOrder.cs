namespace LbRunbook.Core.Diagnosis;

/// <summary>
/// Which of two findings matters more. A known problem outranks something we could not see, as in the monitoring plug-ins' own rule.
/// </summary>
internal static class SeverityOrder
{
    public static int Rank(Severity severity) => severity switch
    {
        Severity.Critical => 3,
        Severity.Warning => 2,
        Severity.Unknown => 1,
        _ => 0,
    };

    public static Severity Worst(IEnumerable<Severity> severities) =>
        severities.DefaultIfEmpty(Severity.Ok).MaxBy(Rank);
}
