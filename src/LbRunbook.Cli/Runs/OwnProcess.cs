using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Leases;

namespace LbRunbook.Cli.Runs;

/// <summary>This process, as locks, leases and journals name it.</summary>
internal static class OwnProcess
{
    public static ProcessIdentity Identity(Func<string, string?> variable)
    {
        // Behind sudo everybody is root: the name that helps is the one before it.
        var user = Environment.UserName;
        var behind = variable("SUDO_USER");
        return new(
            string.IsNullOrEmpty(behind) || behind == user ? user : $"{behind} as {user}",
            Environment.MachineName,
            Environment.ProcessId,
            OperatingSystem.IsLinux() ? LocalProcess.StartOf(Environment.ProcessId) : 0,
            OperatingSystem.IsLinux() ? LocalProcess.Place() : "");
    }
}
