using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Engine.Scale;

/// <summary>
/// Which services of emergency backends a run of this journal started and none has stopped since. A service that ran before is somebody
/// else's: its step was found to be done, and left no intent.
/// </summary>
internal static class StartedServices
{
    /// <returns>Backend name → the run that started it.</returns>
    public static IReadOnlyDictionary<string, string> Of(JournalStore store, Fleet fleet, Pool pool)
    {
        var open = pool.Emergency.Where(b => b.HasService).Select(b => b.Name).ToHashSet();
        var started = new Dictionary<string, string>();
        // Lazily: as a rule it was the last run or the one before.
        foreach (var run in store.Newest(fleet.Cluster).TakeWhile(_ => open.Count > 0))
        {
            foreach (var intent in run.Intents.Reverse())
            {
                if (intent.Step is not EmergencyServiceStep step || step.Pool != pool.Name || !open.Contains(step.Backend)
                    || WasInVain(run, intent))
                    continue;
                open.Remove(step.Backend);
                if (step.Active)
                    started[step.Backend] = run.RunId;
            }
        }
        return started;
    }

    /// <summary>A start is ours even where its end is not known; a stop counts only when it was seen.</summary>
    private static bool WasInVain(RunRecord run, StepIntended intent)
    {
        var end = run.Finished.LastOrDefault(f => f.Index == intent.Index)?.Status;
        return ((EmergencyServiceStep)intent.Step).Active ? end == StepStatus.Failed : end != StepStatus.Done;
    }
}
