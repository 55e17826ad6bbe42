using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs.Past;

/// <summary>What an old run did once, it can do again: production is confirmed by name, a practice range not at all.</summary>
internal static class PastRisk
{
    public static Risk Of(Fleet fleet) => fleet.Environment switch
    {
        FleetEnvironment.Lab => Risk.Low,
        FleetEnvironment.Staging => Risk.Moderate,
        _ => Risk.Severe,
    };
}
