namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// Builds argument lists of the OpenSSH client. ssh_config stays in force: only what an unattended
/// emergency tool cannot leave open is set here.
/// </summary>
internal static class SshArguments
{
    public const string Program = "ssh";

    /// <summary>A silent peer is given up after interval × count: short, or a frozen host keeps its commands hanging.</summary>
    public const int AliveIntervalSeconds = 1;
    public const int AliveCount = 3;
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(AliveIntervalSeconds * AliveCount);

    /// <summary>
    /// Half of the silence after which a master gives its host up, the interval before its first question included. TCP doubles the
    /// distance of its retries, so that a host which is back is tried again within as long as it was away: one that was silent for more
    /// than half of that time while we asked has not come back.
    /// </summary>
    public static readonly TimeSpan MostOfTheSilence = (Silence + TimeSpan.FromSeconds(AliveIntervalSeconds)) / 2;

    /// <summary>
    /// Whatever would ask (a jump host is a second ssh that does not inherit BatchMode) asks /bin/false instead of the terminal.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string?> Environment = new Dictionary<string, string?>
    {
        ["SSH_ASKPASS_REQUIRE"] = "force",
        ["SSH_ASKPASS"] = "/bin/false",
        ["LC_ALL"] = "C",
    };

    /// <summary>
    /// Starts a master that goes to the background once it is logged in (<c>-f</c>). Its messages go to a file, since nothing
    /// else keeps why a forward was refused; errors before that also come on stderr from a jump host.
    /// </summary>
    public static IReadOnlyList<string> Master(RemoteHost host, string controlPath, string logFile, TimeSpan persist) =>
    [
        "-M", "-N", "-f", "-E", logFile,
        "-o", "LogLevel=INFO",
        "-o", ControlPath(controlPath),
        "-o", $"ControlPersist={Math.Max(1, (int)persist.TotalSeconds)}",
        "-o", "StreamLocalBindUnlink=yes",
        // Forwards of ssh_config are for people's sessions; a port of theirs that is taken would fail our login.
        "-o", "ClearAllForwardings=yes",
        .. Common(host),
        "--", host.Host,
    ];

    /// <summary>A session on the master's connection.</summary>
    public static IReadOnlyList<string> Shared(RemoteHost host, string controlPath, string remoteCommand) =>
    [
        "-T", "-a", "-x",
        "-o", "LogLevel=ERROR",
        "-o", "BatchMode=yes",
        "-o", "ControlMaster=no",
        "-o", ControlPath(controlPath),
        "-o", "RemoteCommand=none",
        "-o", "ClearAllForwardings=yes",
        // A master that has just gone would make ssh log in by itself, with its own long timeout on a dead host: it must fail instead.
        "-o", "ProxyCommand=false",
        "--", host.Host, remoteCommand,
    ];

    /// <summary>A connection of its own.</summary>
    /// <param name="remoteCommand">Already quoted.</param>
    public static IReadOnlyList<string> Single(RemoteHost host, string remoteCommand) =>
    [
        "-o", "LogLevel=ERROR",
        "-o", "ControlMaster=no",
        "-o", "ControlPath=none",
        "-o", "ClearAllForwardings=yes",
        .. Common(host),
        "--", host.Host, remoteCommand,
    ];

    /// <summary>Contacts nobody: prints what ssh_config and these options come to for the host.</summary>
    public static IReadOnlyList<string> Resolved(RemoteHost host) => ["-G", .. Common(host), "--", host.Host];

    /// <summary>Speaks to the master only: check, stop, exit, forward, cancel.</summary>
    public static IReadOnlyList<string> Control(RemoteHost host, string controlPath, string operation, params string[] more) =>
    [
        "-o", "LogLevel=ERROR",
        "-o", ControlPath(controlPath),
        "-O", operation, .. more,
        "--", host.Host,
    ];

    private static List<string> Common(RemoteHost host)
    {
        var ssh = host.Ssh;
        // StrictHostKeyChecking is left alone: with BatchMode its default (ask) refuses unknown and changed keys,
        // and a choice that the operator made in ssh_config stays his.
        List<string> arguments =
        [
            "-T", "-a", "-x",
            "-o", "BatchMode=yes",
            "-o", $"ConnectTimeout={Math.Max(1, (int)Math.Ceiling(ssh.ConnectTimeout.TotalSeconds))}",
            "-o", "ConnectionAttempts=1",
            "-o", $"ServerAliveInterval={AliveIntervalSeconds}",
            "-o", $"ServerAliveCountMax={AliveCount}",
            "-o", "RemoteCommand=none",
            "-o", "PermitLocalCommand=no",
        ];
        if (ssh.KnownHosts is { } knownHosts)
            arguments.AddRange(["-o", $"UserKnownHostsFile=\"{Escaped(knownHosts)}\""]);
        if (ssh.HostKeyAlias is { } alias)
            arguments.AddRange(["-o", $"HostKeyAlias={alias}"]);
        if (ssh.Identity is { } identity)
        {
            // Of this one key, nothing else is worth a round trip. Without an identity Kerberos and the like must stay possible.
            arguments.AddRange(["-i", Escaped(identity), "-o", "IdentitiesOnly=yes", "-o", "PreferredAuthentications=publickey"]);
        }
        if (ssh.User is { } user)
            arguments.AddRange(["-l", user]);
        if (ssh.Port is { } port)
            arguments.AddRange(["-p", port.ToString()]);
        if (ssh.Jump is { } jump)
            arguments.AddRange(["-J", jump]);
        // Key exchange is not narrowed: the post-quantum one costs 100-150 ms of CPU on old builds, but dropping it would weaken the login.
        return arguments;
    }

    private static string ControlPath(string path) => $"ControlPath=\"{Escaped(path)}\"";

    /// <summary>ssh expands % in file names.</summary>
    private static string Escaped(string path) => path.Replace("%", "%%", StringComparison.Ordinal);
}
