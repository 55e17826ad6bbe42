using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Claims;

/// <summary>How a run ends that came second, the same for a lock on this machine and for a lease on the nodes.</summary>
internal static class LockOutcome
{
    public static RunOutcome Of(RunInHand run, LockInfo other)
    {
        var cluster = run.World.Fleet.Cluster;
        var unlock = run.Options.Qualify($"lbctl unlock --confirm {cluster}");
        return run.Ended(RunResult.Locked, $"{cluster} is being worked on by {other}. To take it away from them: {unlock}") with
        {
            LockedBy = other,
            Next = "lbctl locks",
        };
    }
}
