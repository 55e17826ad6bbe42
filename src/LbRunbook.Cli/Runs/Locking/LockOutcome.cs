using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs.Locking;

/// <summary>How a run ends that came second, the same for a lock on this machine and for a lease on the nodes.</summary>
internal static class LockOutcome
{
    public static RunOutcome Of(RunRequest request, LockInfo other) => new()
    {
        Verb = request.Verb,
        Result = RunResult.Locked,
        LockedBy = other,
        Message = $"{request.Fleet.Cluster} is being worked on by {other}. To take it away from them: {request.Next.Qualify($"lbctl unlock --confirm {request.Fleet.Cluster}")}",
        Next = "lbctl locks",
    };
}
