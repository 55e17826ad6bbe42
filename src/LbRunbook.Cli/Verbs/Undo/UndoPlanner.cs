using LbRunbook.Cli.Runs.Past;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Cli.Verbs.Undo;

/// <summary>Pure: a run's journal becomes the plan that takes it back. Every inverse looks before it acts, so an uncertain step is no danger.</summary>
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
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        return PlanResult.Of(new Plan
        {
            Verb = "undo",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"take back {run.RunId}: {past.Chain[0].Start.Title}",
            Steps = HoldBetweenMakeAndBreak(new RunChain(past.Chain).Inverses()),
            OnFailure = OnFailure.Stop,
            Risk = PastRisk.Of(fleet),
            Undoes = run.RunId,
            Warnings = [.. past.Chain.SelectMany(r => r.Intents).Select(i => i.Step).OfType<FenceNodeStep>().Select(f => $"{f.Node} was fenced ({f.Methods}): that is not taken back; bring it up by hand, and look whether it answers, before its address returns to it")],
        });
    }

    /// <summary>What takes its time by design, side by side: a server's weight grows on all nodes at once.</summary>
    private static string? LaneOf(Step step) => (step as ServerWarmUpStep)?.Node;

    /// <summary>From the first address that is made to the last that is broken, two nodes may have it: not a place to stop.</summary>
    private static IReadOnlyList<PlannedStep> HoldBetweenMakeAndBreak(IReadOnlyList<Step> steps)
    {
        var lastBreak = steps.ToList().FindLastIndex(s => s.Phase == StepPhase.Break);
        return [.. steps.Select((s, i) => new PlannedStep(s, HoldAfter: s.Phase is StepPhase.Make or StepPhase.Announce or StepPhase.Break && i < lastBreak, Lane: LaneOf(s)))];
    }
}
