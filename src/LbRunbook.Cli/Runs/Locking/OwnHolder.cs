using LbRunbook.Adapters.Processes;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli.Runs.Locking;

/// <summary>This process as the holder of a lock or a lease.</summary>
internal static class OwnHolder
{
    public const string TimeToLiveVariable = "LBCTL_LEASE_TTL";

    /// <summary>Renewed three times as often; a killed holder on another machine keeps the others out for at most this long.</summary>
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static LeaseHolder Of(CliContext context, string verb, string command, string runId) => new()
    {
        // Behind sudo everybody is root: the name that helps is the one before it.
        User = context.Variable("SUDO_USER") is { Length: > 0 } behind && behind != Environment.UserName ? $"{behind} as {Environment.UserName}" : Environment.UserName,
        Host = Environment.MachineName,
        Pid = Environment.ProcessId,
        ProcessStart = OperatingSystem.IsLinux() ? LocalProcess.StartOf(Environment.ProcessId) : 0,
        Place = OperatingSystem.IsLinux() ? LocalProcess.Place() : "",
        Verb = verb,
        Command = command,
        RunId = runId,
        Since = context.Time.GetUtcNow(),
    };

    public static ClusterClaim Claim(CliContext context, Fleet fleet, ILeases leases, LeaseHolder holder, Action<string> warn) =>
        ClusterClaim.Start(fleet, leases, new(fleet.Cluster, LeaseIds.New(), TimeToLiveOf(context), holder), LocalProcess.IsGone, context.Time, warn);

    /// <exception cref="CliException">The variable is set to something else.</exception>
    private static TimeSpan TimeToLiveOf(CliContext context)
    {
        if (context.Variable(TimeToLiveVariable) is not { Length: > 0 } text)
            return TimeToLive;
        return Durations.TryParse(text, out var chosen) && chosen >= Shortest && chosen <= Longest
            ? chosen
            : throw new CliException(ExitCode.Usage, $"{TimeToLiveVariable}={text}: not a duration between {Durations.Format(Shortest)} and {Durations.Format(Longest)}");
    }
}
