namespace LbRunbook.Core.Plans;

/// <summary>The order in which inverses run: last in, first out, but made before broken, and checked at the end.</summary>
internal static class UndoOrder
{
    /// <param name="inverses">In the order in which their steps were applied; nulls are steps with nothing to take back.</param>
    public static IReadOnlyList<Step> Of(IEnumerable<Step?> inverses) =>
        [.. inverses.OfType<Step>().Reverse().Distinct().OrderBy(s => s.Phase)];
}
