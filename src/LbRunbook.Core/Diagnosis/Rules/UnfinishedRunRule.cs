namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>A run that was cut off comes before what it has left behind: nobody sweeps two holders in the middle of a failover.</summary>
internal static class UnfinishedRunRule
{
    public static IEnumerable<Finding> Apply(UnfinishedRun? unfinished, IReadOnlyList<Finding> beside, DateTimeOffset now)
    {
        if (unfinished is null)
            yield break;
        var severity = beside.Any(f => f.Severity == Severity.Critical) ? Severity.Critical : Severity.Warning;
        yield return new(DiagnosisCode.RunUnfinished, severity, unfinished.Run.RunId, unfinished.SentenceAt(now), unfinished.NextAt(now));
    }
}
