using LbRunbook.Core.Diagnosis.Rules;
using LbRunbook.Core.History;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis;

/// <summary>From what was seen, now and lately, to what it is called. Pure: the same observations give the same findings.</summary>
internal static class Diagnoser
{
    private static readonly Func<Situation, IEnumerable<Finding>>[] Rules =
    [
        NodeReachRules.Apply,
        NodeLoadRules.Apply,
        DiskFullRule.Apply,
        ProxyRules.Apply,
        OldWorkersRule.Apply,
        ClientsSentAwayRule.Apply,
        HandOverLeftoverRule.Apply,
        SudoRefusedRule.Apply,
        LoginTalksRule.Apply,
        KeepalivedRules.Apply,
        OwnerRules.Apply,
        VipHolderRules.Apply,
        VipDuplicateRule.Apply,
        VipNotAnsweringRule.Apply,
        PoolRules.Apply,
        BackendDownRule.Apply,
        CascadeRule.Apply,
        BackendSlowRule.Apply,
        GradualDegradationRule.Apply,
        BackendPathRule.Apply,
        BackendRotationRules.Apply,
        BackendNamesRule.Apply,
        NameUnresolvedRule.Apply,
        ConfigDriftRule.Apply,
        CertificateRule.Apply,
        AffinityRules.Apply,
        AffinityBreakdownRule.Apply,
        UnevenTrafficRule.Apply,
        IncompleteRule.Apply,
        AlertsNotSentRule.Apply,
    ];

    /// <summary>Worst first; among equals causes before their effects, in the order of <see cref="DiagnosisCode"/>.</summary>
    public static IReadOnlyList<Finding> Diagnose(
        Fleet fleet, Observation observation, IReadOnlyList<PastLook>? history = null, UnfinishedRun? unfinished = null,
        IReadOnlyList<StoppedKeepalived>? stopped = null)
    {
        var situation = new Situation(fleet, observation, history) { Stopped = stopped ?? [] };
        // One finding about us, not thirty about a cluster that we do not see.
        if (situation.BlindHere)
            return [ObserverIsolatedRule.Of(situation)];
        var findings = Rules.SelectMany(rule => rule(situation)).ToList();
        List<Finding> sorted = [.. findings.Concat(UnfinishedRunRule.Apply(unfinished, findings, situation.Seen.TakenAt))
            .OrderByDescending(f => SeverityOrder.Rank(f.Severity))
            .ThenBy(f => f.Code)
            .ThenBy(f => f.Subject, StringComparer.Ordinal)];
        return Consequences.Link(sorted, situation, unfinished);
    }
}
