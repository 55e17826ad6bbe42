using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Undo;

/// <summary>Pure: a run's journal becomes the plan that takes it back. Every inverse looks before it acts, so an uncertain step is no danger.</summary>
internal static class UndoPlanner
{
    /// <param name="fleet">The cluster as configured now.</param>
    /// <param name="run">What to take back.</param>
    /// <param name="undoneBy">The run that already took it back; null = none.</param>
    /// <param name="later">Newer runs that changed this cluster.</param>
    /// <param name="accept">The operator knows of them.</param>
    public static PlanResult Build(Fleet fleet, RunRecord run, RunRecord? undoneBy, IReadOnlyList<RunRecord> later, bool accept)
    {
        var refusals = Guards(fleet, run, undoneBy, later, accept).ToList();
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        return PlanResult.Of(new Plan
        {
            Verb = "undo",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"take back {run.RunId}: {run.Start.Title}",
            Steps = HoldBetweenMakeAndBreak(run.Inverses()),
            OnFailure = OnFailure.Stop,
            Risk = fleet.Environment switch { FleetEnvironment.Lab => Risk.Low, FleetEnvironment.Staging => Risk.Moderate, _ => Risk.Severe },
            Undoes = run.RunId,
        });
    }

    private static IEnumerable<Refusal> Guards(Fleet fleet, RunRecord run, RunRecord? undoneBy, IReadOnlyList<RunRecord> later, bool accept)
    {
        if (run.Start.Cluster != fleet.Cluster)
            yield return new("same-cluster", $"{run.RunId} changed cluster {run.Start.Cluster}, this is {fleet.Cluster}", Next: $"lbctl --cluster {run.Start.Cluster} undo {run.RunId}");
        if (run.State == RunState.Running)
            yield return new("run-ended", $"{run.RunId} is still going on ({run.Start.User}@{run.Start.Host}, pid {run.Start.Pid})", Next: "lbctl history");
        if (undoneBy is not null)
            yield return new("not-undone-yet", $"{run.RunId} was taken back by {undoneBy.RunId} already", Next: "lbctl history");
        if (!run.MayHaveChanged)
            yield return new("changed-something", $"{run.RunId} changed nothing: there is nothing to take back", Next: "lbctl history");
        if (later.Count > 0 && !accept)
            yield return new("newest-first", $"newer runs changed this cluster: {string.Join(", ", later.Select(r => r.RunId))}", UndoCommand.OutOfOrder, $"lbctl undo {later[0].RunId}");
        foreach (var node in MissingNodes(fleet, run))
            yield return new("nodes-configured", $"node {node} is not in the configuration any more");
    }

    /// <summary>From the first address that is made to the last that is broken, two nodes may have it: not a place to stop.</summary>
    private static IReadOnlyList<PlannedStep> HoldBetweenMakeAndBreak(IReadOnlyList<Step> steps)
    {
        var lastBreak = steps.ToList().FindLastIndex(s => s.Phase == StepPhase.Break);
        return [.. steps.Select((s, i) => new PlannedStep(s, HoldAfter: s.Phase is StepPhase.Make or StepPhase.Announce or StepPhase.Break && i < lastBreak))];
    }

    private static IEnumerable<string> MissingNodes(Fleet fleet, RunRecord run) => run.Start.Subjects
        .Where(s => s.Key is "from" or "to").Select(s => s.Value).Where(n => fleet.FindNode(n) is null);
}
