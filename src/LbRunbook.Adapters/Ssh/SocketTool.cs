using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// A UNIX socket of a host through a program there: a process for each exchange, but as root where the login may not open the socket.
/// </summary>
internal static class SocketTool
{
    /// <summary>What a failure says where there is no tool for it.</summary>
    public const string Missing = "neither socat nor nc -U";

    private const int Absent = 90, Denied = 91, NoTool = 92;

    // Both must not shut the write side down at the end of the request (haproxy would drop the answer).
    // socat splits its address at commas and colons, so that such a path is left to nc.
    private const string Script = """
        as=
        if ! { [ -S "$1" ] && [ -r "$1" ] && [ -w "$1" ]; }; then
            as=${3:+sudo -n}
            [ -n "$as" ] || [ -S "$1" ] || exit 90
            [ -n "$as" ] || exit 91
            # A rule can name only fixed arguments.
            set -- "$1" 30
        fi
        case "$1" in *[,:!\'\"\\]*) ;; *)
            command -v socat >/dev/null 2>&1 && exec $as socat -t "$2" - "UNIX-CONNECT:$1,shut-none" ;;
        esac
        nc -h 2>&1 | grep -q -e '-[a-zA-Z46]*U' && exec $as nc -U "$1"
        exit 92
        """;

    public static async Task<string> ExchangeAsync(
        IRemoteShell shell, RemoteHost host, string path, string request, TimeSpan timeout, CancellationToken cancellation)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(timeout.TotalSeconds)).ToString();
        var command = new RemoteCommand("sh", "-c", Script, "sh", path, seconds, host.Ssh.Sudo ? "sudo" : "")
        {
            StandardInput = request,
            Timeout = timeout,
            Name = "socket " + path,
            OutputLimit = 16 * 1024 * 1024,
        };
        var result = await shell.RunAsync(host, command, cancellation);
        if (result.Ok)
            return result.Output;
        var label = SshFailure.Label(host);
        if (host.Ssh.Sudo && SudoFailure.Of(host, "socket " + path, result) is { Reach: Reach.SudoNeedsPassword })
            throw Failure($"This login may not open {path} on {label}, and sudo does not let it run socat: put the login into the "
                + "socket's group (usermod -aG).", Reach.PermissionDenied);
        var hint = host.Ssh.Sudo ? "" : ", or set ssh.sudo: true";
        throw result.ExitCode switch
        {
            _ when result.ExitCode == Absent || result.Error.Contains("No such file", StringComparison.Ordinal) =>
                Failure($"There is no socket {path} on {label}, or this login cannot see it.", Reach.Failed),
            Denied => Failure($"This login may not open {path} on {label}: let its group do so{hint}.", Reach.PermissionDenied),
            NoTool => Failure($"{path} on {label} cannot be forwarded (AllowStreamLocalForwarding in its sshd_config; the built-in ssh "
                + $"client forwards none), and there is {Missing}: install socat.", Reach.Failed),
            _ => Failure($"{path} on {label} does not answer: {result.LastLine}", Reach.Failed),
        };

        AdapterException Failure(string message, Reach reach) => new(host.Name, "socket " + path, message, reach);
    }
}
