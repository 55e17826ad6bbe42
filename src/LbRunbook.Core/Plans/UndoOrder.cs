namespace LbRunbook.Core.Plans;

/// <summary>The order in which inverses run: last in, first out, but made before broken, and checked at the end.</summary>
internal static class UndoOrder
{
    /// <param name="inverses">In the order in which their steps were applied; nulls are steps with nothing to take back.</param>
    public static IReadOnlyList<Step> Of(IEnumerable<Step?> inverses)
    {
        var set = new HashSet<string>();
        // The later ones would only put back what the run itself had set in between.
        var firsts = inverses.OfType<Step>().Where(s => s.Sets is not { } what || set.Add(what)).ToList();
        var steps = firsts.AsEnumerable().Reverse().Distinct().OrderBy(s => s.Phase).ToList();
        var breaks = steps.FindLastIndex(s => s.Phase == StepPhase.Break);
        // Once more when the other holder is gone: whoever asked while both had it may have heard the wrong one last.
        if (breaks >= 0)
            steps.InsertRange(breaks + 1, steps.Where(s => s.Phase == StepPhase.Announce).ToList());
        return steps;
    }
}
