namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>LoginTalks: said once, instead of by everything that has to read past it.</summary>
internal static class LoginTalksRule
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        from pair in situation.Nodes
        where pair.Seen.Greeting is not null
        select new Finding(DiagnosisCode.LoginTalks, Severity.Ok, pair.Node.Name,
            $"the login on {pair.Node.Name} prints \"{pair.Seen.Greeting}\" before every command, also without a terminal",
            SshText.To(pair.Node, "true"));
}
