using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Past;

/// <summary>
/// Pure: a run's journal becomes the plan that takes it back. Every inverse looks before it acts, so an uncertain step is no danger.
/// </summary>
internal static class UndoPlanner
{
    /// <param name="fleet">The cluster as configured now.</param>
    /// <param name="past">What to take back.</param>
    /// <param name="acceptLater">The operator knows of the newer runs.</param>
    public static PlanResult Build(Fleet fleet, PastRun past, bool acceptLater)
    {
        var run = past.Run;
        var refusals = PastRunGuards.Check(fleet, past, "undo", acceptLater).ToList();
        if (!past.MayHaveChanged)
            refusals.Add(new("changed-something", $"{run.RunId} changed nothing: there is nothing to take back", Next: "lbctl history"));
        if (past.Chain.FirstOrDefault(r => r.JournalCut) is { } cut)
            refusals.Add(new("journal-whole", $"{cut.RunId} ended, but its journal's disk was full: only {cut.Finished.Count} of "
                + $"{cut.Start.Plan.Count} steps are written down, and an undo would take back those alone",
                Next: PastRunGuards.WithoutJournal(run)));
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        var chain = new RunChain(past.Chain);
        var inverses = chain.Inverses();
        return PlanResult.Of(new Plan
        {
            Verb = "undo",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"take back {run.RunId}: {past.Chain[0].Start.Title}",
            Steps = HoldBetweenMakeAndBreak(inverses),
            OnFailure = OnFailure.Stop,
            Risk = RiskRule.Of(fleet.Environment),
            Undoes = run.RunId,
            Subjects = Subjects(run, chain.Stay, inverses),
            Warnings = [.. Warnings(past, chain)],
        });
    }

    /// <summary>What is not taken back, and why.</summary>
    private static IEnumerable<string> Warnings(PastRun past, RunChain chain)
    {
        foreach (var removed in chain.Stay)
            yield return $"{removed.Vip} was on more than one node, and is not put back on {removed.Node}: a duplicate is not made again";
        var steps = past.Chain.SelectMany(r => r.Intents).Select(i => i.Step).Distinct().ToList();
        foreach (var (move, before) in past.Chain.SelectMany(r => r.Intents).Where(i => i.Step is VrrpMoveStep)
            .Select(i => ((VrrpMoveStep)i.Step, i.Before)))
        {
            // Where its keepalived was started for the move it is stopped again, and they come back by that.
            if (!steps.Any(s => s is VrrpServiceStep { Active: true } started && started.Node == move.To)
                && move.StayBehind(before) is { Count: > 0 } vips)
                yield return $"{string.Join(" and ", vips)} may stay on {move.To}: no priority that {move.To} could be given is "
                    + $"below that of {move.From}. "
                    + $"`lbctl failover {move.To} {move.From} --emergency` moves it by stopping keepalived on {move.To}";
        }
        foreach (var step in steps)
        {
            if (step is VrrpServiceStep { StaysStopped: true } stopped)
                yield return $"keepalived on {stopped.Node} stays stopped: the address was there and elsewhere at once, and started again "
                    + "it could be so once more. When VRRP passes between the nodes, start it there by hand";
            if (step is FenceNodeStep fenced)
                yield return $"{fenced.Node} was fenced ({fenced.Methods}): that is not taken back; bring it up by hand, and look whether "
                    + "it answers, before its address returns to it";
        }
    }

    /// <summary>Whom the run made the holder: what stays is still there. None = all of it comes back.</summary>
    private static IReadOnlyDictionary<string, string> Subjects(
        RunRecord run, IReadOnlyList<VipRemoveStep> stay, IReadOnlyList<Step> inverses) =>
        stay.Count == 0 ? new Dictionary<string, string>()
        : inverses.Any(s => s is VipAddStep or VrrpMoveStep) ? new Dictionary<string, string>
        {
            ["stays"] = string.Join(",", stay.Select(r => r.Vip)),
        }
        : run.Start.Subjects;

    /// <summary>What takes its time by design, side by side: a server's weight grows on all nodes at once.</summary>
    private static string? LaneOf(Step step) => (step as ServerWarmUpStep)?.Place;

    /// <summary>From the first address that is made to the last that is broken, two nodes may have it: not a place to stop.</summary>
    private static IReadOnlyList<PlannedStep> HoldBetweenMakeAndBreak(IReadOnlyList<Step> steps)
    {
        var lastBreak = steps.ToList().FindLastIndex(s => s.Phase == StepPhase.Break);
        return [.. steps.Select((s, i) =>
            new PlannedStep(s, HoldAfter: s.Phase is StepPhase.Make or StepPhase.Announce or StepPhase.Break && i < lastBreak,
                Lane: LaneOf(s)))];
    }
}
