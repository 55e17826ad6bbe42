using System.Globalization;
using System.Text;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// Carries a command to a host so that four things are certain that ssh alone leaves open:
/// no login shell ever reads it (csh, fish and others quote by rules of their own: csh runs the inner lines of a quoted text, each as a
/// command), it began (a marker on stderr: without it, every message and exit code is ssh's or the login shell's; and one on stdout: what
/// stands before it was printed by the login, not by the command), it ends (no terminal
/// means no hang-up signal: <c>timeout</c> bounds what a broken connection leaves behind), and it can be stopped (the marker holds its
/// process id).
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
    /// <summary>
    /// All that a login shell gets to read, whatever is to run: without a value, a line break, a backslash or a !, which every shell
    /// reads in the same way. The command is the first line of standard input; <c>read</c> takes it byte by byte, so that what follows
    /// is the command's own input. A line that a broken connection cut off is not run.
    /// </summary>
    public const string ForLoginShell = "/bin/sh -c 'IFS= read -r lbctl && eval \"$lbctl\"'";

    private const string Marker = "lbctl-began:";
    private const int MarkerRoom = 4096;

    // A login that is not root's often lacks the directories of daemons. Programs answer in the words of the C locale.
    private const string Begin =
        "PATH=\"$PATH:/usr/local/sbin:/usr/sbin:/sbin\"; LC_ALL=C; export LC_ALL; m=" + Marker + "$$; echo $m; echo $m >&2; ";

    // timeout is coreutils or busybox; where there is none the command runs unbounded.
    private const string Run = "if command -v timeout >/dev/null 2>&1; then exec timeout -k 1 \"$@\"; fi; shift; exec \"$@\"";

    /// <summary>The same command with everything on its standard input: sent there by <see cref="ForLoginShell"/>.</summary>
    public static RemoteCommand OnInput(RemoteCommand command, SshOptions ssh, TimeSpan timeout)
    {
        // Above our own timeout, so that ours is the one that reports.
        var bound = (Math.Ceiling(timeout.TotalSeconds) + 1).ToString(CultureInfo.InvariantCulture);
        var line = Begin + Words([bound, .. NeedsSudo(command, ssh) ? (string[])["sudo", "-n", "--"] : [], .. command.Arguments])
            + Run + "\n";
        // The marker, and what a login says before it, come on top of what the command may print.
        var roomy = command with { OutputLimit = command.OutputLimit + MarkerRoom };
        if (command.WriteInput is not { } write)
            return roomy with { StandardInput = line + command.StandardInput };
        return roomy with
        {
            WriteInput = async (input, cancellation) =>
            {
                await input.WriteAsync(Encoding.UTF8.GetBytes(line), cancellation);
                await write(input, cancellation);
            },
        };
    }

    /// <summary>One line that runs the words, for <see cref="ForLoginShell"/>.</summary>
    public static string Line(IEnumerable<string> words) => Words(words) + "exec \"$@\"\n";

    public static bool NeedsSudo(RemoteCommand command, SshOptions ssh) => command.AsRoot && ssh.Sudo;

    /// <summary>Ends a command by the id of its marker: timeout passes the signal on to its whole process group.</summary>
    public static string Kill(int processId) => "kill -TERM " + processId.ToString(CultureInfo.InvariantCulture);

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

    /// <summary>Takes the marker out of stdout, and what a talkative login has printed before it.</summary>
    /// <returns>Greeting: its first line; null = there was none.</returns>
    public static (string? Greeting, string Output) Said(string output)
    {
        var start = output.StartsWith(Marker, StringComparison.Ordinal) ? 0 : output.IndexOf('\n' + Marker, StringComparison.Ordinal) + 1;
        var end = output.IndexOf('\n', start);
        if (end < 0 || !output.AsSpan(start).StartsWith(Marker))
            return (null, output);
        var greeting = output[..start].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (greeting is [var first, ..] ? first : null, output[(end + 1)..]);
    }

    /// <summary>The words as parameters of the shell that reads the line, which may hold no line break: $n stands for one.</summary>
    private static string Words(IEnumerable<string> words)
    {
        var line = "set -- " + ShellQuote.Join(words) + "; ";
        // What needs it costs a process more.
        return line.Contains('\n', StringComparison.Ordinal)
            ? "n=$(printf '\\nx'); n=${n%x}; " + line.Replace("\n", "'\"$n\"'", StringComparison.Ordinal)
            : line;
    }
}
