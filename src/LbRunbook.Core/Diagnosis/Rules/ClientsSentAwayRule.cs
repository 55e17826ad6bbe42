namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>A close file that outlived its reload, which can only be one whose script was killed.</summary>
internal static class ClientsSentAwayRule
{
    /// <summary>The longest wait for clients is 2 s, and that for the workers half a second.</summary>
    private static readonly TimeSpan LongestReload = TimeSpan.FromSeconds(15);

    public static IEnumerable<Finding> Apply(Situation situation) =>
        from pair in situation.Nodes
        where pair.Seen.Proxy?.ClosingFor > LongestReload
        let file = pair.Node.Nginx.CloseFile
        select new Finding(DiagnosisCode.ClientsSentAway, Severity.Warning, pair.Node.Name,
            $"nginx on {pair.Node.Name} asks every client to open its next connection anew, since a reload was cut "
                + $"off: {file} is still there",
            SshText.AsRoot(pair.Node, $"rm -f {file}"));
}
