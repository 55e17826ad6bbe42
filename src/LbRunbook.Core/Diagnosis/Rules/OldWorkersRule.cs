namespace LbRunbook.Core.Diagnosis.Rules;

internal static class OldWorkersRule
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        from pair in situation.Nodes
        let old = pair.Seen.Proxy?.OldWorkers ?? []
        where old.Count > 0
        select new Finding(DiagnosisCode.OldWorkers, Severity.Ok, pair.Node.Name,
            $"{old.Count} old {pair.Node.ProxyName} worker{(old.Count == 1 ? "" : "s")} on {pair.Node.Name} still "
                + $"serve{(old.Count == 1 ? "s" : "")} connections from before a reload (pid {string.Join(", ", old)})",
            "lbctl assess --watch");
}
