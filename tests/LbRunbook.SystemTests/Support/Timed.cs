using Xunit;

namespace LbRunbook.SystemTests.Support;

/// <summary>Tests of what must be done within less than a second run alone, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Timed
{
    public const string Name = "timed";
}
