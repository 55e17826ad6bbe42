using System.Globalization;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// Wraps a command so that three things are certain that ssh alone leaves open:
/// it began (a marker on stderr: without it, every message and exit code is ssh's, sudo's or the login shell's),
/// it ends (no terminal means no hang-up signal: <c>timeout</c> bounds what a broken connection leaves behind),
/// and it can be stopped (the marker holds its process id).
/// </summary>
internal static class RemoteCommandLine
{
    private const string Marker = "lbctl-began:";

    // sh is explicit since the login shell may be anything. timeout is coreutils or busybox; where there is none the command runs unbounded.
    private const string Wrapper =
        "echo \"" + Marker + "$$\" >&2; if command -v timeout >/dev/null 2>&1; then exec timeout -k 1 \"$0\" \"$@\"; fi; exec \"$@\"";

    public static string Build(RemoteCommand command, SshOptions ssh, TimeSpan timeout)
    {
        // Above our own timeout, so that ours is the one that reports.
        var bound = (Math.Ceiling(timeout.TotalSeconds) + 1).ToString(CultureInfo.InvariantCulture);
        return ShellQuote.Join([.. Sudo(command.AsRoot, ssh), "sh", "-c", Wrapper, bound, .. command.Arguments]);
    }

    /// <summary>Ends a command by the id of its marker: timeout passes the signal on to its whole process group.</summary>
    public static string Kill(int processId, bool asRoot, SshOptions ssh) =>
        ShellQuote.Join([.. Sudo(asRoot, ssh), "kill", "-TERM", processId.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Takes the marker out of stderr; null when the command never began.</summary>
    public static (int? ProcessId, string Error) Began(string error)
    {
        var start = error.StartsWith(Marker, StringComparison.Ordinal) ? 0 : error.IndexOf('\n' + Marker, StringComparison.Ordinal) + 1;
        if (start == 0 && !error.StartsWith(Marker, StringComparison.Ordinal))
            return (null, error);
        var end = error.IndexOf('\n', start);
        if (end < 0 || !int.TryParse(error.AsSpan(start + Marker.Length, end - start - Marker.Length).TrimEnd('\r'), out var processId))
            return (null, error);
        return (processId, error.Remove(start, end + 1 - start));
    }

    private static IEnumerable<string> Sudo(bool asRoot, SshOptions ssh) => asRoot && ssh.Sudo ? ["sudo", "-n", "--"] : [];
}
