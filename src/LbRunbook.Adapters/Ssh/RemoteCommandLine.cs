using System.Globalization;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// Wraps a command so that three things are certain that ssh alone leaves open:
/// it began (a marker on stderr: without it, every message and exit code is ssh's or the login shell's),
/// it ends (no terminal means no hang-up signal: <c>timeout</c> bounds what a broken connection leaves behind),
/// and it can be stopped (the marker holds its process id).
/// </summary>
/// <remarks>
/// The wrapper runs as the login, and only the command itself under sudo: a rule for <c>sh</c> or <c>timeout</c> would be a rule for
/// everything, while this way each command can have its own. So timeout stands before sudo. The login may signal the sudo that it
/// started, and sudo passes that on to the command, but with use_pty only (config/sudoers.d/lbctl sets it): else the two are one
/// process group, whose signals sudo ignores, and the command ends by itself. All that runs so is short: an address, a frame, a unit,
/// a syntax test.
/// </remarks>
internal static class RemoteCommandLine
{
    private const string Marker = "lbctl-began:";

    // sh is explicit since the login shell may be anything; a login that is not root's often lacks the directories of daemons.
    private const string Wrapper =
        "PATH=\"$PATH:/usr/local/sbin:/usr/sbin:/sbin\"; echo \"" + Marker + "$$\" >&2; "
        // timeout is coreutils or busybox; where there is none the command runs unbounded.
        + "if command -v timeout >/dev/null 2>&1; then exec timeout -k 1 \"$0\" \"$@\"; fi; exec \"$@\"";

    public static string Build(RemoteCommand command, SshOptions ssh, TimeSpan timeout)
    {
        // Above our own timeout, so that ours is the one that reports.
        var bound = (Math.Ceiling(timeout.TotalSeconds) + 1).ToString(CultureInfo.InvariantCulture);
        return ShellQuote.Join(["sh", "-c", Wrapper, bound, .. NeedsSudo(command, ssh) ? (string[])["sudo", "-n", "--"] : [], .. command.Arguments]);
    }

    public static bool NeedsSudo(RemoteCommand command, SshOptions ssh) => command.AsRoot && ssh.Sudo;

    /// <summary>Ends a command by the id of its marker: timeout passes the signal on to its whole process group.</summary>
    public static string Kill(int processId) =>
        ShellQuote.Join(["kill", "-TERM", processId.ToString(CultureInfo.InvariantCulture)]);

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
}
