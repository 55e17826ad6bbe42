using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Journal;

/// <summary>Where keepalived was stopped to end a split brain, as the journals tell it: started again, it would be there again.</summary>
internal static class StoppedKeepaliveds
{
    /// <returns>The newest word on each node counts; a run that started it again ends the matter.</returns>
    public static IReadOnlyList<StoppedKeepalived> Of(JournalStore store, string cluster)
    {
        var decided = new HashSet<string>();
        var stopped = new List<StoppedKeepalived>();
        foreach (var run in store.Newest(cluster).Where(r => r.MayHaveChanged).Take(50))
            foreach (var step in Done(run).Where(s => decided.Add(s.Node)))
                if (step is { Active: false, StaysStopped: true })
                    stopped.Add(new(step.Node, run.RunId));
        return stopped;
    }

    private static IEnumerable<VrrpServiceStep> Done(RunRecord run) =>
        from intent in run.Intents.Reverse()
        where intent.Step is VrrpServiceStep && run.Finished.Any(f => f.Index == intent.Index && f.Status == StepStatus.Done)
        select (VrrpServiceStep)intent.Step;
}
