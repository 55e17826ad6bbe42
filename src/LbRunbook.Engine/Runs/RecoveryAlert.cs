using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Runs;

/// <summary>A run that was to make a backend well ends the incident, or says that a human is needed; a resumed one as well.</summary>
internal static class RecoveryAlert
{
    /// <returns>Null for a run that repairs nothing, or that ended before it changed anything on somebody's signal.</returns>
    public static Alerted? Of(Plan plan, RunOutcome outcome)
    {
        if (plan.Steps.Select(s => s.Step).OfType<BackendRestartStep>().FirstOrDefault() is not { } restart)
            return null;
        return outcome.Result switch
        {
            RunResult.Done or RunResult.AlreadySo =>
                new(AlertLevel.Resolved, restart.Backend, $"{restart.Backend} of {plan.Cluster} is well and in rotation again"),
            RunResult.Interrupted => null,
            _ => new(AlertLevel.Critical, restart.Backend, $"{restart.Backend} of {plan.Cluster} is not recovered: {outcome.Message}"),
        };
    }
}
