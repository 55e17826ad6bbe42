using Xunit;

namespace LbRunbook.SystemTests.Support;

/// <summary>
/// Tests that others would disturb run alone, after all others: of what must be done within less than a second.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Timed
{
    public const string Name = "timed";
}
