using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Engine.Past;

/// <summary>Which run is meant: by a name, or by none.</summary>
internal static class RunChoice
{
    private const int MostShown = 5;

    /// <param name="typed">A run's id, or so much of it that only one has it.</param>
    /// <exception cref="OperatorException">No run has it, or several have.</exception>
    public static RunRecord ByName(JournalStore store, string typed)
    {
        if (store.Find(typed) is { } whole)
            return whole;
        var names = store.Names();
        // Names begin with the date: what tells them apart at a glance is in their middle, and is as good as the beginning.
        var fits = names.Where(n => n.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ToList();
        if (fits.Count == 0)
            fits = [.. names.Where(n => n.Contains(typed, StringComparison.OrdinalIgnoreCase))];
        if (fits is [var only] && store.Find(only) is { } found)
            return found;
        if (fits.Count > 1)
            throw new OperatorException(ExitCode.Usage, $"'{typed}' is a part of {fits.Count} run ids: "
                + $"{string.Join(", ", fits.Take(MostShown))}{(fits.Count > MostShown ? ", …" : "")}", "lbctl history");
        var near = Nearest.To(typed, names);
        throw new OperatorException(ExitCode.Usage, $"no run '{typed}'{(near is null ? "" : $"; did you mean {near}?")}", "lbctl history");
    }

    /// <summary>The last ones that changed something and were not taken back, newest first; fewer when there are no more.</summary>
    /// <param name="count">A run with those that it went on with is one: its undo takes all of them back.</param>
    public static IReadOnlyList<RunRecord> ForUndo(JournalStore store, string cluster, int count)
    {
        var (chosen, covered, lineage) = (new List<RunRecord>(), new HashSet<string>(), new RunLineage());
        foreach (var run in store.Newest(cluster))
        {
            // An undo is not undone by saying "undo" twice: the one before it would be meant.
            if (run is { MayHaveChanged: true, Start.Undoes: null } && lineage.UndoOf(run.RunId) is null && !covered.Contains(run.RunId))
            {
                chosen.Add(run);
                covered.UnionWith(store.Chain(run).Select(r => r.RunId));
            }
            if (chosen.Count == count)
                break;
            lineage.AddOlder(run);
        }
        return chosen;
    }

    /// <summary>
    /// The newest that was cut off, and that nothing newer has superseded: what changed the cluster since then was decided later, and
    /// finishing the older run would undo that unasked.
    /// </summary>
    /// <returns>Null = there is none.</returns>
    public static RunRecord? ForResume(JournalStore store, string cluster)
    {
        var lineage = new RunLineage();
        foreach (var run in store.Newest(cluster))
        {
            if (lineage.LaterThan(run).Any())
                return null;
            if (IsCutOff(run) && lineage.UndoOf(run.RunId) is null && lineage.ResumeOf(run.RunId) is null)
                return run;
            lineage.AddOlder(run);
        }
        return null;
    }

    // One that is still going on is named, not passed over.
    private static bool IsCutOff(RunRecord run) => run.State is RunState.Killed or RunState.Running
        || run.Outcome is { Result: RunResult.Partial or RunResult.Interrupted or RunResult.Failed };
}
