using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Runs;

/// <summary>A run that was to make a backend well ends the incident, or says that a human is needed; a resumed one as well.</summary>
internal static class RecoveryAlert
{
    /// <returns>Null for a run that repairs nothing, or that ended before it changed anything on somebody's signal.</returns>
    public static Alerted? Of(Plan plan, RunOutcome outcome)
    {
        var backends = string.Join(", ", plan.Steps.Select(s => s.Step).OfType<BackendRestartStep>().Select(s => s.Backend));
        if (backends.Length == 0)
            return null;
        var are = backends.Contains(',', StringComparison.Ordinal) ? "are" : "is";
        return outcome.Result switch
        {
            RunResult.Done or RunResult.AlreadySo =>
                new(AlertLevel.Resolved, backends, $"{backends} of {plan.Cluster} {are} well and in rotation again"),
            RunResult.Interrupted => null,
            _ => new(AlertLevel.Critical, backends, $"{backends} of {plan.Cluster} {are} not recovered: {outcome.Message}"),
        };
    }
}
