using System.Globalization;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh;

/// <summary>Turns what ssh prints into a <see cref="Reach"/> and one sentence. Knows nothing of processes.</summary>
internal static class SshFailure
{
    /// <summary>What ssh itself ends with; a command that ends so is told from it by its marker.</summary>
    public const int ExitCode = 255;

    /// <summary>In the order of certainty: a later line of stderr is often only the consequence of an earlier one.</summary>
    private static readonly (string Text, Reach Reach, bool Transient)[] Table =
    [
        ("REVOKED HOST KEY", Reach.HostKeyChanged, false),
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", Reach.HostKeyChanged, false),
        ("Host key verification failed", Reach.HostKeyChanged, false),
        ("host key is known for", Reach.HostKeyChanged, false),
        ("Permission denied (", Reach.PermissionDenied, false),
        ("Too many authentication failures", Reach.PermissionDenied, false),
        ("Permissions 0", Reach.PermissionDenied, false),
        ("Could not resolve hostname", Reach.Unreachable, true),
        ("No route to host", Reach.Unreachable, true),
        ("Network is unreachable", Reach.Unreachable, true),
        ("Host is down", Reach.Unreachable, true),
        ("Connection refused", Reach.Refused, true),
        ("timed out", Reach.TimedOut, true),
        ("not responding", Reach.TimedOut, true),
        ("kex_exchange_identification", Reach.Refused, true),
        ("Connection reset by", Reach.Refused, true),
        ("Connection closed by", Reach.Refused, true),
    ];

    /// <summary>ssh itself failed: nothing ran on the host.</summary>
    public static AdapterException Of(RemoteHost host, string operation, string error)
    {
        var (text, reach, transient) = Array.Find(Table, row => error.Contains(row.Text, StringComparison.OrdinalIgnoreCase));
        if (text is null)
            return new(host.Name, operation, $"ssh to {Label(host)} failed: {LastLine(error, "no message")}.", Reach.Failed);
        var line = LineWith(error, text);
        var message = reach switch
        {
            Reach.HostKeyChanged when error.Contains("REVOKED HOST KEY", StringComparison.Ordinal) => HostKeyRevoked(host),
            Reach.HostKeyChanged when error.Contains("HAS CHANGED", StringComparison.Ordinal) => HostKeyChanged(host),
            Reach.HostKeyChanged => HostKeyUnknown(host),
            Reach.PermissionDenied => $"{Label(host)} refused the login: {line}.",
            Reach.Refused => $"{Label(host)} refused the connection: {line}.",
            Reach.Unreachable => $"{Label(host)} cannot be reached: {line}.",
            _ => $"Connecting to {Label(host)} timed out: {line}.",
        };
        return new(host.Name, operation, message, reach, transient);
    }

    /// <summary>We are in, and what sshd started for us ran no command of ours.</summary>
    public static AdapterException OfLoginShell(RemoteHost host, string operation, ProcessResult result)
    {
        var said = LastLine(result.Error.Trim().Length > 0 ? result.Error : result.Output, "") is { Length: > 0 } line
            ? $" and printed \"{Printable.Line(line)}\""
            : "";
        var user = host.Ssh.User ?? "USER";
        return new(host.Name, operation,
            $"The login shell on {Label(host)} runs no commands: exit code {result.ExitCode}{said}, as of /bin/false, "
                + "nologin or a forced command; "
            + $"`usermod -s /bin/sh {user}` there gives it one",
            Reach.PermissionDenied);
    }

    public static AdapterException ConnectTimedOut(RemoteHost host, string operation, TimeSpan after) =>
        new(host.Name, operation, $"Connecting to {Label(host)} timed out after {Seconds(after)} (ssh.connectTimeout).", Reach.TimedOut,
            isTransient: true);

    public static AdapterException CommandTimedOut(RemoteHost host, string operation, TimeSpan after) =>
        new(host.Name, operation, $"`{operation}` on {Label(host)} did not end within {Seconds(after)}.", Reach.TimedOut,
            isTransient: true);

    public static AdapterException WentSilent(RemoteHost host, string operation) =>
        new(host.Name, operation,
            $"{Label(host)} stopped answering on its ssh connection for {Seconds(SshArguments.Silence)}; whether "
                + $"`{operation}` ran there is not known.",
            Reach.TimedOut, isTransient: true);

    public static AdapterException ConnectionLost(RemoteHost host, string operation) =>
        new(host.Name, operation,
            $"The connection to {Label(host)} broke while `{operation}` ran; whether it finished there is not known.", Reach.TimedOut,
            isTransient: true);

    /// <summary>Its sshd has too many logins under way (MaxStartups), or is just going down: nobody was asked who we are.</summary>
    public static bool IsThrottled(AdapterException failure) =>
        failure.Reach == Reach.Refused && failure.Message.Contains("kex_exchange_identification", StringComparison.Ordinal);

    /// <summary>For a connection of its own; a shared one says nothing to those that borrow it.</summary>
    public static bool IsConnectionLost(string error) =>
        error.Contains("Timeout, server", StringComparison.Ordinal)
            || error.Contains("client_loop: send disconnect", StringComparison.Ordinal)
        || error.Contains("closed by remote host", StringComparison.Ordinal)
        || error.Contains("Connection reset by", StringComparison.Ordinal);

    /// <summary>ssh found no master, or got no session from it, and ran into <c>ProxyCommand=false</c>: nothing ran on the host.</summary>
    public static bool IsNotShared(string error) =>
        error.Contains("exchange_identification", StringComparison.Ordinal)
        || error.Contains("UNKNOWN port", StringComparison.Ordinal)
        || error.Contains("mux_client_request_session: session request failed", StringComparison.Ordinal);

    public static AdapterException NoClient(RemoteHost host, string operation, Exception inner) =>
        new(host.Name, operation, $"The OpenSSH client (`{SshArguments.Program}`) cannot be run on this machine: {inner.Message}",
            Reach.Failed, inner: inner);

    /// <summary>lb1 (ops@10.0.0.10:22): what is configured; the rest is what ssh_config says.</summary>
    public static string Label(RemoteHost host)
    {
        var address = host.Host.Contains(':', StringComparison.Ordinal) && host.Ssh.Port is not null ? $"[{host.Host}]" : host.Host;
        var user = host.Ssh.User is { } name ? name + "@" : "";
        var port = host.Ssh.Port is { } number ? ":" + number.ToString(CultureInfo.InvariantCulture) : "";
        return $"{host.Name} ({user}{address}{port})";
    }

    private static string HostKeyChanged(RemoteHost host) =>
        $"The host key of {Label(host)} is not the one recorded in {KnownHosts(host)}; compare `{Scan(host)}` with the machine's console, "
        + $"and if it is right remove the old one with `ssh-keygen -f {KnownHosts(host)} -R {ShellQuote.Quote(KeyName(host))}`.";

    private static string HostKeyRevoked(RemoteHost host) =>
        $"The host key of {Label(host)} is marked @revoked in {KnownHosts(host)}: whoever has it may not be that "
            + "host. Give the machine a new "
        + $"key from its console (`rm /etc/ssh/ssh_host_*; ssh-keygen -A`), and record what `{Scan(host)}` then shows.";

    private static string HostKeyUnknown(RemoteHost host) =>
        $"The host key of {Label(host)} is not in {KnownHosts(host)}; compare `{Scan(host)}` with the machine's console, "
        + $"and if it is right record it with `ssh-keyscan {ScanTarget(host)} >> {KnownHosts(host)}`.";

    private static string Scan(RemoteHost host) => $"ssh-keyscan {ScanTarget(host)} | ssh-keygen -lf -";
    private static string ScanTarget(RemoteHost host) =>
        ShellQuote.Join([.. host.Ssh.Port is { } port ? ["-p", port.ToString(CultureInfo.InvariantCulture)] : (string[])[], host.Host]);
    private static string KeyName(RemoteHost host) => host.Ssh.Port is { } port and not 22 ? $"[{host.Host}]:{port}" : host.Host;
    private static string KnownHosts(RemoteHost host) =>
        host.Ssh.KnownHosts is { } file && !file.StartsWith('~') ? ShellQuote.Quote(file) : host.Ssh.KnownHosts ?? "~/.ssh/known_hosts";
    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";

    private static string LineWith(string error, string text) =>
        error.Split('\n').First(line => line.Contains(text, StringComparison.OrdinalIgnoreCase)).Trim().TrimEnd('.');

    private static string LastLine(string error, string none) =>
        error.Trim() is { Length: > 0 } trimmed ? trimmed.Split('\n')[^1].Trim().TrimEnd('.') : none;
}
