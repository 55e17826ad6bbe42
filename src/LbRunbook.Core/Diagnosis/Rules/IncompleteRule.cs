namespace LbRunbook.Core.Diagnosis.Rules;

internal static class IncompleteRule
{
    public static IEnumerable<Finding> Apply(Situation situation)
    {
        foreach (var (node, seen) in situation.Nodes.Where(p => p.Seen.Incomplete.Count > 0))
            yield return Of(node.Name, seen.Incomplete);
        if (situation.Seen.Incomplete.Count > 0)
            yield return Of("fleet", situation.Seen.Incomplete);
    }

    private static Finding Of(string subject, IReadOnlyList<string> missing) =>
        new(DiagnosisCode.ObservationIncomplete, Severity.Unknown, subject,
            $"not seen of {subject}: {string.Join("; ", missing)}", "lbctl assess --budget 30s");
}
