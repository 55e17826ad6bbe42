namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>A hand-over on a node: with its timer it is under way or ends by itself, without it somebody has to end it.</summary>
internal static class HandOverLeftoverRule
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        from pair in situation.Nodes
        from left in pair.Seen.HandOvers
        select new Finding(DiagnosisCode.HandOverLeftover, left.Armed ? Severity.Ok : Severity.Warning, pair.Node.Name,
            $"{pair.Node.Name} still has its part of a hand-over from {left.From} to "
                + $"{left.To}{(left.Armed ? ": it is under way, or its timer will end it" : ", and no timer that would end it")}",
            $"lbctl failover {left.From} {left.To}");
}
