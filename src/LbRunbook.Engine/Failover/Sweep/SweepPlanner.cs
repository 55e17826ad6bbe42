using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Failover.Sweep;

/// <param name="LastMadeHolder">Whom the last run here made the holder; null = no run tells.</param>
/// <param name="Node">The node to be swept, as named; null = find out.</param>
internal sealed record SweepRequest(Observation Observation, string? LastMadeHolder, Node? Node);

/// <summary>Pure: who carries an address that is another node's by right loses it. Never the last one.</summary>
internal static class SweepPlanner
{
    public const string Verb = "sweep";

    public static PlanResult Build(Fleet fleet, SweepRequest request)
    {
        var situation = new Situation(fleet, request.Observation);
        if (situation.BlindHere)
            return PlanResult.Refused([new("observer-isolated", Core.Diagnosis.Rules.ObserverIsolatedRule.Why(request.Observation),
                Next: "lbctl assess")]);
        var duplicates = fleet.Vips.Select(v => new DuplicateVip(situation, v, request)).Where(d => d.Holders.Count > 1).ToList();
        var refusals = Unreachable(situation, fleet).Concat(duplicates.SelectMany(d => d.Refusals())).ToList();
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        return PlanResult.Of(new Plan
        {
            Verb = Verb,
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = Title(fleet, duplicates),
            Steps = [.. duplicates.SelectMany(d => d.Steps()), .. Proof(fleet, situation, duplicates)],
            OnFailure = OnFailure.Stop,
            Risk = RiskRule.Of(fleet.Environment),
            Warnings = [.. duplicates.Select(d => $"{d.Rightful.Node!.Name} keeps {d.Vip.Name}: {d.Rightful.Why}")],
            Subjects = new Dictionary<string, string> { ["sweep"] = string.Join(",",
                duplicates.SelectMany(d => d.Extra).Select(n => n.Name).Distinct()) },
        });
    }

    /// <summary>A node that cannot be asked may be a holder, and cannot be swept.</summary>
    private static IEnumerable<Refusal> Unreachable(Situation situation, Fleet fleet)
    {
        var known = situation.Nodes.Where(p => p.Seen.Reachable).SelectMany(p => p.Seen.Macs.Values).ToHashSet();
        foreach (var vip in fleet.Vips)
        {
            if (situation.Of(vip)?.WireMacs?.Except(known).ToList() is not { Count: > 0 } strangers)
                continue;
            var suspects = situation.Nodes.Where(p => !p.Seen.Reachable).ToList();
            var who = suspects.Count == 0
                ? "no node of this cluster has that MAC: find that machine"
                : $"probably {string.Join(" or ", suspects.Select(p => p.Node.Name))}, which cannot be reached: nothing can be taken "
                    + $"away there{Why(suspects)}";
            var next = suspects.Count > 0 && situation.BestStandby() is { } to
                ? $"lbctl failover {suspects[0].Node.Name} {to.Name}"
                : "lbctl assess";
            yield return new("holders-reachable", $"{string.Join(" and ", strangers)} answers for {vip.Address} ({vip.Name}); {who}",
                Next: next);
        }
    }

    /// <summary>A node that is alive and lets nobody in says what to mend; of a silent one there is nothing to say.</summary>
    private static string Why(IEnumerable<(Node Node, NodeObservation Seen)> suspects)
    {
        var reasons = suspects.Select(p => p.Seen).Where(s => s.Reach is not (Reach.Unreachable or Reach.TimedOut))
            .Select(s => s.ReachDetail?.TrimEnd('.')).OfType<string>().ToList();
        return reasons.Count == 0 ? "" : $" ({string.Join("; ", reasons)})";
    }

    private static IEnumerable<PlannedStep> Proof(Fleet fleet, Situation situation, List<DuplicateVip> duplicates) =>
        from vip in fleet.Vips
        let holder = duplicates.Find(d => d.Vip == vip)?.Rightful.Node ?? (situation.HoldersOf(vip) is [var only, ..] ? only : null)
        where holder is not null
        select new PlannedStep(new VipAnswersStep(vip.Name, holder.Name));

    private static string Title(Fleet fleet, List<DuplicateVip> duplicates) => duplicates.Count == 0
        ? $"sweep {fleet.Cluster}: no virtual IP is on more than one node"
        : $"sweep {string.Join(", ", duplicates.Select(Words))}";

    private static string Words(DuplicateVip d) =>
        $"{d.Vip.Name} ({d.Vip.Address}) from {string.Join(" and ", d.Extra.Select(n => n.Name))}, {d.Rightful.Node!.Name} keeps it";
}
