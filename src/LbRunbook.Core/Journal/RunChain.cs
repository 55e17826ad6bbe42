using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Journal;

/// <summary>One intention, carried out by a run and by those that went on with it after it was cut off.</summary>
/// <param name="runs">Oldest first; all have the same plan.</param>
public sealed class RunChain(IReadOnlyList<RunRecord> runs)
{
    /// <summary>
    /// What takes all of it back, made before broken, checked at the end. A step that ended as "failed" was seen to have changed nothing.
    /// </summary>
    public IReadOnlyList<Step> Inverses() => UndoOrder.Of(
    [
        .. runs[0].Start.Plan.Where(s => !s.Changes).Select(s => s.Inverse(null)),
        .. runs.SelectMany(Changes).Select(i => i.Inverse),
    ]);

    /// <summary>
    /// Indexes of the steps that the journal calls done, and that no later run had to prepare again: an announcement is worth nothing
    /// when the address was added once more after it.
    /// </summary>
    public IReadOnlySet<int> Done()
    {
        var done = new HashSet<int>();
        foreach (var run in runs)
        {
            if (Changes(run).Where(i => i.Step.Verifiable).Select(i => i.Index).DefaultIfEmpty(int.MaxValue).Min() is var first)
                done.RemoveWhere(i => i > first);
            done.UnionWith(run.Finished.Where(f => f.Status is StepStatus.Done or StepStatus.Already).Select(f => f.Index));
        }
        return done;
    }

    private static IEnumerable<StepIntended> Changes(RunRecord run)
    {
        var untouched = run.Finished.Where(f => f.Status == StepStatus.Failed).Select(f => f.Index).ToHashSet();
        return run.Intents.Where(i => !untouched.Contains(i.Index));
    }
}
