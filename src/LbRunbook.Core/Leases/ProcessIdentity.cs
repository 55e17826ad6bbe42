namespace LbRunbook.Core.Leases;

/// <summary>Who acts, and from which process: what a lock, a lease and a journal say of themselves.</summary>
/// <param name="User">"alice", or "alice as root" behind sudo, where everybody is root.</param>
/// <param name="ProcessStart">See <see cref="LeaseHolder.ProcessStart"/>.</param>
/// <param name="Place">See <see cref="LeaseHolder.Place"/>.</param>
public sealed record ProcessIdentity(string User, string Host, int Pid, long ProcessStart = 0, string Place = "")
{
    public LeaseHolder Holding(string verb, string command, string runId, DateTimeOffset since) => new()
    {
        User = User,
        Host = Host,
        Pid = Pid,
        ProcessStart = ProcessStart,
        Place = Place,
        Verb = verb,
        Command = command,
        RunId = runId,
        Since = since,
    };
}
