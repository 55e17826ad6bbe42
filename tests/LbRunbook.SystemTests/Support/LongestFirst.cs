using LbRunbook.SystemTests.Support;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace LbRunbook.SystemTests.Support;

/// <summary>Several run at a time: a class that takes minutes and begins last would run alone, with half of the machine idle.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] s_long = ["collection for LbRunbook.SystemTests.Faults.Fault", ".Killed", ": lab", ".Publish",
        ".Keepalived", ".HandOver"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => Rank(c.TestCollectionDisplayName))
            .ThenBy(c => c.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Rank(string name)
    {
        // The shared lab's own name is a word.
        var place = Array.FindIndex(s_long, l => $": {name}".Contains(l, StringComparison.Ordinal));
        return place < 0 ? s_long.Length : place;
    }
}
