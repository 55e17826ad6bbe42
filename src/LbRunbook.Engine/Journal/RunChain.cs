using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Journal;

/// <summary>One intention, carried out by a run and by those that went on with it after it was cut off.</summary>
/// <param name="runs">Oldest first; all have the same plan.</param>
public sealed class RunChain(IReadOnlyList<RunRecord> runs)
{
    /// <summary>
    /// What takes all of it back, made before broken, checked at the end. A step that ended as "failed" was seen to have changed nothing.
    /// </summary>
    public IReadOnlyList<Step> Inverses()
    {
        var stay = Stay;
        return UndoOrder.Of(
        [
            // Where an address stays its clients must know, however far the run had come with telling them.
            .. runs[0].Start.Plan.OfType<VipAnnounceStep>().Where(a => stay.Any(r => r.Vip == a.Vip)).Distinct(),
            .. runs[0].Start.Plan.Where(s => !s.Changes)
            .Select(s => s is VipAnswersStep check && stay.Any(r => r.Vip == check.Vip) ? check : s.Inverse(null)),
            .. runs.SelectMany(Changes)
            .Where(i => !(i.Step is VipRemoveStep removed && stay.Contains(removed))
                && !(i.Step is VipAnnounceStep told && stay.Any(r => r.Vip == told.Vip))).Select(i => i.Inverse),
        ]);
    }

    /// <summary>
    /// Addresses that were taken from a node while another one had them that had not got them from this chain of runs: a duplicate was
    /// healed, and is not made again. The other one keeps it.
    /// </summary>
    public IReadOnlyList<VipRemoveStep> Stay
    {
        get
        {
            var changes = runs.SelectMany(Changes).ToList();
            bool HadIt(VipAddStep add) =>
                runs.Any(r => r.Finished.Any(f => f.Status == StepStatus.Already && r.Start.Plan.ElementAtOrDefault(f.Index) == add));
            var added = changes.Select(i => i.Step).OfType<VipAddStep>().Select(a => a.Vip).ToHashSet();
            var found = runs[0].Start.Plan.OfType<VipAddStep>().Where(HadIt).Select(a => a.Vip).ToHashSet();
            return [.. changes.Where(i => i.Inverse is VipAddStep).Select(i => i.Step).OfType<VipRemoveStep>()
                .Where(r => !added.Contains(r.Vip) && (r.RequireOtherHolder || found.Contains(r.Vip))).Distinct()];
        }
    }

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
        var failed = run.Finished.Where(f => f.Status == StepStatus.Failed).Select(f => f.Index).ToHashSet();
        // What leaves nothing to look at (an announcement) may have happened although its answer was lost.
        return run.Intents.Where(i => !i.Step.Verifiable || !failed.Contains(i.Index));
    }
}
