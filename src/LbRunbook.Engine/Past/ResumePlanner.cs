using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Past;

/// <summary>
/// Pure: a run that was cut off becomes the plan that finishes it: its own plan once more, from the start. Every step looks before it
/// acts, so that none that is done is repeated and none that is not is skipped, whatever the journal did not live to write down.
/// </summary>
internal static class ResumePlanner
{
    public const string AlthoughOld = "--although-old";

    /// <param name="fleet">The cluster as configured now.</param>
    /// <param name="now">UTC.</param>
    /// <param name="acceptLater">The operator knows of the newer runs.</param>
    /// <param name="acceptOld">The operator knows how old it is.</param>
    public static PlanResult Build(Fleet fleet, PastRun past, DateTimeOffset now, bool acceptLater, bool acceptOld)
    {
        var run = past.Run;
        var refusals = PastRunGuards.Check(fleet, past, "resume", acceptLater).Concat(Guards(past, now, acceptOld)).ToList();
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        var done = new RunChain(past.Chain).Done();
        return PlanResult.Of(new Plan
        {
            Verb = "resume",
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = $"finish {run.RunId}: {past.Chain[0].Start.Title}",
            Steps = [.. run.Start.Plan.Select((s, i) =>
                new PlannedStep(s, run.Start.HoldAfter.Contains(i), done.Contains(i), run.Start.Lanes.ElementAtOrDefault(i)))],
            OnFailure = OnFailure.Stop,
            Risk = RiskRule.Of(fleet.Environment),
            Warnings = [.. Warnings(run)],
            Resumes = run.RunId,
            Undoes = run.Start.Undoes,
            Subjects = run.Start.Subjects,
        });
    }

    private static IEnumerable<Refusal> Guards(PastRun past, DateTimeOffset now, bool acceptOld)
    {
        var run = past.Run;
        if (run.Complete)
            yield return new("unfinished", $"{run.RunId} went through to its end: there is nothing to finish", Next: "lbctl history");
        if (past.ResumedBy is { } resume && resume.RunId != run.RunId)
            yield return new("unfinished", $"{run.RunId} was finished by {resume.RunId} already", Next: "lbctl history");
        if (run.Outcome is { Result: RunResult.RolledBack })
            yield return new("unfinished", $"{run.RunId} took back what it had done", Next: "lbctl history");
        if (now - run.Start.At is var age && age > UnfinishedRun.Old && !acceptOld)
            yield return new("recent-enough",
                $"{run.RunId} began {Durations.Format(TimeSpan.FromMinutes(Math.Round(age.TotalMinutes)))} ago (limit "
                    + $"{Durations.Format(UnfinishedRun.Old)}): its plan may not fit any more", AlthoughOld, "lbctl assess");
    }

    private static IEnumerable<string> Warnings(RunRecord run) => run.Uncertain
        .Where(i => i < run.Start.Plan.Count)
        .Select(i => $"step {i + 1} ({run.Start.Plan[i].Describe()}) was begun and its end is not known: it is looked "
            + "at before anything is done");
}
