using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Runs;

/// <summary>
/// How a change is to be confirmed, decided by where it happens: a practice range asks nothing, staging y/N, production its name.
/// What overrides a guard, or cannot be taken back, is confirmed by name outside a practice range.
/// </summary>
internal static class RiskRule
{
    public static Risk Of(FleetEnvironment environment, bool severe = false) => environment switch
    {
        FleetEnvironment.Lab => Risk.Low,
        FleetEnvironment.Staging when !severe => Risk.Moderate,
        _ => Risk.Severe,
    };
}
