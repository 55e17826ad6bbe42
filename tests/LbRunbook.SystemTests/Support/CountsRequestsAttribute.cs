using Xunit.v3;

namespace LbRunbook.SystemTests.Support;

/// <summary>
/// The test counts every single request. tests/run.sh runs these after all others, three at a time: what a machine with too much to do does
/// to them would say nothing about a failover.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CountsRequestsAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("counts", "requests")];
}
