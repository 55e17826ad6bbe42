using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Engine.Past;

/// <summary>Why an old run must be left alone, whether it would be taken back or gone on with.</summary>
internal static class PastRunGuards
{
    public const string OutOfOrder = "--out-of-order";

    /// <param name="fleet">The cluster as configured now.</param>
    /// <param name="verb">"undo" or "resume", for the commands that are proposed.</param>
    /// <param name="acceptLater">The operator knows of the newer runs.</param>
    public static IEnumerable<Refusal> Check(Fleet fleet, PastRun past, string verb, bool acceptLater)
    {
        var run = past.Run;
        if (run.Start.Cluster != fleet.Cluster)
            yield return new("same-cluster", $"{run.RunId} changed cluster {run.Start.Cluster}, this is {fleet.Cluster}",
                Next: $"lbctl --cluster {run.Start.Cluster} {verb} {run.RunId}");
        if (run.State == RunState.Running)
            yield return new("run-ended", $"{run.RunId} is still going on ({run.Start.User}@{run.Start.Host}, pid {run.Start.Pid})",
                Next: "lbctl history");
        if (past.Chain.FirstOrDefault(r => r.Start.Schema != RunEvent.CurrentSchema) is { } other)
            yield return new("same-version", $"{other.RunId} was written by another version of lbctl: {verb} it with that version, for "
                + "what is half understood would be half done", Next: WithoutJournal(run));
        if (past.UndoneBy is { } undo)
            yield return new("not-undone-yet", $"{run.RunId} was taken back by {undo.RunId} already", Next: "lbctl history");
        if (past.Later.Count > 0 && !acceptLater)
            yield return new("newest-first", $"newer runs changed this cluster: {string.Join(", ", past.Later.Select(r => r.RunId))}",
                // What was decided later is not taken back in order to finish something older.
                OutOfOrder, verb == "resume" ? "lbctl assess" : $"lbctl undo {past.Later[0].RunId}");
        foreach (var node in MissingNodes(fleet, run))
            yield return new("nodes-configured", $"node {node} is not in the configuration any more");
    }

    /// <summary>What moved from one node to the other is moved back as well as by its undo.</summary>
    public static string WithoutJournal(RunRecord run) =>
        run.Start.Subjects.TryGetValue("from", out var from) && run.Start.Subjects.TryGetValue("to", out var to)
            ? $"lbctl failover {to} {from}"
            : $"lbctl history {run.RunId}";

    private static IEnumerable<string> MissingNodes(Fleet fleet, RunRecord run) => run.Start.Subjects
        .Where(s => s.Key is "from" or "to").Select(s => s.Value).Where(n => fleet.FindNode(n) is null);
}
