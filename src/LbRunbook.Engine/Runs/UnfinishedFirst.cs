using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Engine.Runs;

/// <summary>
/// A run that was cut off comes before any other reason why a change is refused: what is in the way is probably its doing, and the way
/// out is that run's, not a flag.
/// </summary>
internal static class UnfinishedFirst
{
    public static RunOutcome Tell(RunInHand run, RunOutcome outcome)
    {
        if (outcome.Result != RunResult.Refused || run.Action.EndsARun
            || UnfinishedRuns.Of(run.World.Journals, run.World.Fleet.Cluster) is not { } unfinished)
            return outcome;
        var now = run.World.Time.GetUtcNow();
        return outcome with
        {
            Refusals = [new("run-unfinished", unfinished.SentenceAt(now), Next: unfinished.NextAt(now)), .. outcome.Refusals],
        };
    }
}
