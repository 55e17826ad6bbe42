namespace LbRunbook.Core.Diagnosis;

/// <summary>
/// One cause is one finding: what follows from another one is linked to it, so that nobody at 3 AM reads five troubles where there is one
/// and types the command of a symptom.
/// </summary>
internal static class Consequences
{
    /// <summary>Each with the finding that it comes from in the end, if any; order and number stay.</summary>
    public static IReadOnlyList<Finding> Link(IReadOnlyList<Finding> findings, Situation situation, UnfinishedRun? unfinished)
    {
        var roots = findings.Select(f => Root(f, findings, situation, unfinished)).ToList();
        return [.. findings.Select((f, i) => roots[i] == f ? f : f with { Cause = roots[i] })];
    }

    private static Finding Root(Finding finding, IReadOnlyList<Finding> all, Situation situation, UnfinishedRun? unfinished)
    {
        var at = finding;
        // No rule leads back to where it came from; a new one that did must not hang the look.
        for (var i = 0; i < all.Count; i++)
        {
            if (all.FirstOrDefault(c => c != at && Explains(c, at, all, situation, unfinished)) is not { } cause)
                break;
            at = cause;
        }
        return at;
    }

    private static bool Explains(
        Finding cause, Finding effect, IReadOnlyList<Finding> all, Situation situation, UnfinishedRun? unfinished) =>
        (cause.Code, effect.Code) switch
    {
        // A run that was to move addresses, and what it has left half moved.
        (DiagnosisCode.RunUnfinished, DiagnosisCode.VipDuplicate or DiagnosisCode.VipUnbound or DiagnosisCode.VipOnWrongNode
            or DiagnosisCode.HandOverLeftover) => unfinished?.Run.Start.Subjects.ContainsKey("from") == true,
        (DiagnosisCode.VrrpSplitBrain, DiagnosisCode.VipDuplicate) => cause.Subject == effect.Subject,
        (DiagnosisCode.VrrpLeftover or DiagnosisCode.VrrpStuck, DiagnosisCode.VipDuplicate) =>
            Holds(situation, cause.Subject, effect.Subject),
        (DiagnosisCode.NodeDown, DiagnosisCode.VipUnbound or DiagnosisCode.VipNotAnswering) =>
            cause.Severity == Severity.Critical && !situation.Nodes.Any(n => Holds(situation, n.Node.Name, effect.Subject)),
        (DiagnosisCode.VipUnbound, DiagnosisCode.VipNotAnswering) => cause.Subject == effect.Subject,
        (DiagnosisCode.ProxyDown or DiagnosisCode.ProxyNotAnswering, DiagnosisCode.VipNotAnswering) =>
            Holds(situation, cause.Subject, effect.Subject),
        // The proxy's own word for a pool without a server.
        (DiagnosisCode.PoolDown, DiagnosisCode.VipNotAnswering) => effect.Message.Contains("HTTP 503", StringComparison.Ordinal),
        (DiagnosisCode.SudoRefused, DiagnosisCode.ObservationIncomplete) => cause.Subject == effect.Subject,
        (DiagnosisCode.BackendUnreachableFromNode, DiagnosisCode.BackendDown or DiagnosisCode.BackendDisagreement) =>
            cause.Severity != Severity.Ok && cause.Subject == effect.Subject,
        (DiagnosisCode.BackendDown, DiagnosisCode.BackendDisagreement) => cause.Subject == effect.Subject,
        (DiagnosisCode.CascadingFailure, DiagnosisCode.PoolDegraded or DiagnosisCode.PoolDown or DiagnosisCode.BackendDown) =>
            PoolOf(effect) == cause.Subject,
        // One backend is the pool's trouble; of several, and of those taken out on purpose, the pool is the head.
        (DiagnosisCode.BackendDown, DiagnosisCode.PoolDegraded) => PoolOf(cause) == effect.Subject && IsAlone(cause, all),
        (DiagnosisCode.PoolDegraded, DiagnosisCode.BackendDown) => PoolOf(effect) == cause.Subject && !IsAlone(effect, all),
        (DiagnosisCode.PoolDegraded, DiagnosisCode.BackendIsolated) => PoolOf(effect) == cause.Subject,
        (DiagnosisCode.PoolDown, DiagnosisCode.BackendDown or DiagnosisCode.BackendIsolated) => PoolOf(effect) == cause.Subject,
        _ => false,
    };

    private static bool IsAlone(Finding down, IReadOnlyList<Finding> all) => all.Count(f =>
        f.Code is DiagnosisCode.BackendDown or DiagnosisCode.BackendIsolated && PoolOf(f) == PoolOf(down)) == 1;

    private static bool Holds(Situation situation, string node, string vip) =>
        situation.Fleet.Vips.FirstOrDefault(v => v.Name == vip) is { } found && situation.Seen.HoldersOf(found).Contains(node);

    /// <summary>"web" of "web/web1", and of "web".</summary>
    private static string PoolOf(Finding finding) => finding.Subject.Split('/')[0];
}
