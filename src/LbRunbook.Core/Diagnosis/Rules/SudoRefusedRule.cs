using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

internal static class SudoRefusedRule
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        from pair in situation.Nodes
        where pair.Seen.Reach == Reach.SudoNeedsPassword
        select new Finding(DiagnosisCode.SudoRefused, Severity.Warning, pair.Node.Name,
            $"sudo on {pair.Node.Name} is refused ({pair.Seen.ReachDetail ?? "no reason given"}): nothing can be changed there",
            SshText.To(pair.Node, "sudo -n -l"));
}
