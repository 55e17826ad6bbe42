using LbRunbook.Adapters.Processes;

namespace LbRunbook.Adapters.Ssh;

/// <summary>Why a login behind a jump host failed.</summary>
internal static class ProxyFailure
{
    /// <summary>
    /// The ssh to the jump host says it on stderr, which ssh throws away for a connection that is to be kept (ControlPersist): all that is
    /// left is that somebody hung up. A changed key would read as a busy sshd, and be tried again. One login that is not kept tells.
    /// </summary>
    /// <param name="error">What the login that is to be kept said.</param>
    public static async Task<string> OfAsync(RemoteHost host, string error, TimeSpan limit, CancellationToken cancellation)
    {
        if (!error.Contains("UNKNOWN port", StringComparison.Ordinal))
            return error;
        var alone = await ChildProcess.RunAsync(
            new(SshArguments.Program, SshArguments.Single(host, "exit"))
            {
                Timeout = limit,
                Environment = SshArguments.Environment,
            },
            cancellation);
        return alone.Ok || alone.TimedOut ? error : alone.Error;
    }
}
