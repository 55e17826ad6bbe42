using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Claims;

/// <summary>What an unlock refuses, what it warns of, and how it ended. Pure.</summary>
internal static class UnlockGuard
{
    public const string AlthoughAlive = "--although-alive";

    /// <returns>Null = go on.</returns>
    public static RunOutcome? Decide(Fleet fleet, IReadOnlyList<LockPlace> places, bool althoughAlive)
    {
        if (!places.Any(p => p.IsLocked))
        {
            var asked = places.Any(p => p.IsNode && p.State == LockState.Free);
            return new()
            {
                Verb = "unlock",
                Result = asked ? RunResult.AlreadySo : RunResult.Failed,
                ExitCode = asked ? ExitCode.Done : ExitCode.Failed,
                Message = asked
                    ? "nobody has it"
                    : "no node could be asked: "
                        + $"{string.Join("; ", places.Where(p => p.Why is not null).Select(p => $"{p.Where}: {p.Why}"))}",
                Next = asked ? "lbctl assess" : "lbctl locks",
            };
        }
        if (places.FirstOrDefault(p => p.Process == HolderProcess.Alive) is not { Info.Holder: { } holder } || althoughAlive)
            return null;
        return new()
        {
            Verb = "unlock",
            Result = RunResult.Refused,
            ExitCode = ExitCode.Refused,
            Refusals =
            [
                new("holder-is-gone",
                    $"{fleet.Cluster} is being worked on by {holder}, and that process is alive on this machine: end it with kill "
                        + $"{holder.Pid}, and it gives everything back itself",
                    AlthoughAlive, "lbctl locks"),
            ],
            Next = "lbctl locks",
        };
    }

    public static IEnumerable<string> Warnings(IReadOnlyList<LockPlace> places)
    {
        if (places.Any(p => p is { IsNode: false, IsLocked: true }))
            yield return "the lock on this machine ends with its process alone: it is not taken away";
        foreach (var place in places.Where(p => p.State == LockState.Unknown))
            yield return $"{place.Where}: not known whether there is a lease: {place.Why}";
        if (places.Any(p => p is { IsLocked: true, Process: HolderProcess.Unknown }))
            yield return "whether their process still runs cannot be seen from here: it changes nothing more once the lease is gone, but "
                + "what it had begun stays as it is (lbctl assess)";
    }

    public static RunOutcome Judge(string runId, IReadOnlyList<StepOutcome> steps, IReadOnlyList<LockPlace> places)
    {
        var failed = steps.Where(s => s.Status is not (StepStatus.Done or StepStatus.Already)).ToList();
        var (result, code) = failed.Count == 0 ? (RunResult.Done, ExitCode.Done)
            : failed.Count == steps.Count ? (RunResult.Failed, ExitCode.Failed)
            : (RunResult.Partial, ExitCode.Partial);
        return new()
        {
            RunId = runId,
            Verb = "unlock",
            Result = result,
            ExitCode = code,
            Steps = steps,
            Message = failed.Count > 0 ? string.Join("; ", failed.Select(f => f.Detail))
                : places.Any(p => p is { IsNode: false, IsLocked: true }) ? "the lock on this machine ends with its process" : null,
            Next = failed.Count > 0 ? "lbctl locks" : "lbctl assess",
        };
    }
}
