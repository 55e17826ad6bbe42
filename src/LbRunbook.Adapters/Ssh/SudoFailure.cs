using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// Tells sudo's own refusal from a failure of the command that it was to run: both come after the marker, with an exit code and on stderr.
/// </summary>
internal static class SudoFailure
{
    private static readonly string[] Refusals =
        ["a password is required", "a terminal is required", "you must have a tty", "is not allowed to", "is not in the sudoers",
            "may not run sudo"];

    private static readonly string[] Absences = ["sudo: not found", "No such file or directory"];

    // sudo goes on after these.
    private static readonly string[] Warnings = ["unable to resolve host", "setrlimit", "unable to send audit message"];

    /// <exception cref="AdapterException">The command did not run.</exception>
    public static RemoteResult Check(RemoteHost host, string operation, RemoteResult result)
    {
        if (result.Ok)
            return result;
        if (Of(host, operation, result) is { } failure)
            throw failure;
        // sudo says 1 where a shell says 127; "not there" must not read as the command's own "no".
        return result.ExitCode == 1 && Fatal(result.Error) is { } line && line.EndsWith(": command not found", StringComparison.Ordinal)
            ? result with { ExitCode = 127 }
            : result;
    }

    /// <summary>Also for scripts that call sudo for single commands themselves. null when sudo did not stand in the way.</summary>
    public static AdapterException? Of(RemoteHost host, string operation, RemoteResult result)
    {
        if (result.Error.Split('\n').FirstOrDefault(IsRefusal) is { } refusal)
        {
            return new(host.Name, operation,
                $"sudo needs a password for `{operation}` on {SshFailure.Label(host)}: its rules (config/sudoers.d/lbctl) are not there, "
                    + $"or do not cover it: {refusal.Trim().TrimEnd('.')}.",
                Reach.SudoNeedsPassword);
        }
        // "exec: sudo: not found" is a shell's, "failed to run command 'sudo': No such file" timeout's.
        if (result.ExitCode == 127 && Array.Exists(Absences, text => result.Error.Contains(text, StringComparison.Ordinal))
            && result.Error.Contains("sudo", StringComparison.Ordinal))
            return new(host.Name, operation,
                $"There is no sudo on {SshFailure.Label(host)}: install it, or log in as root with ssh.sudo: false.", Reach.Failed);
        return result.ExitCode == 1 && Fatal(result.Error) is { } fatal && !fatal.EndsWith(": command not found", StringComparison.Ordinal)
            ? new(host.Name, operation, $"sudo failed on {SshFailure.Label(host)} before `{operation}`: {fatal["sudo: ".Length..]}.",
                Reach.Failed)
            : null;
    }

    /// <summary>Only at the start of a line, or behind a script's own "perl: ": a program may well mention sudo in its advice.</summary>
    private static bool IsRefusal(string line) =>
        Array.Exists(Refusals, text => line.Contains(text, StringComparison.Ordinal))
        && (line.Contains("sudo: ", StringComparison.Ordinal) || line.Contains("Sorry, user ", StringComparison.Ordinal)
            || line.Contains("sudoers", StringComparison.Ordinal));

    /// <summary>sudo's last word, when nothing else came after it.</summary>
    private static string? Fatal(string error)
    {
        var last = error.TrimEnd().Split('\n')[^1].Trim();
        return last.StartsWith("sudo: ", StringComparison.Ordinal)
            && !Array.Exists(Warnings, text => last.Contains(text, StringComparison.Ordinal)) ? last : null;
    }
}
