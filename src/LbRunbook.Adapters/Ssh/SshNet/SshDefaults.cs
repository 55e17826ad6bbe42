using System.Globalization;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>What holds for a login where nobody said otherwise: the OpenSSH client's own defaults.</summary>
internal static class SshDefaults
{
    private const string WindowsAgent = "openssh-ssh-agent";
    private static readonly string[] IdentityNames = ["id_rsa", "id_ecdsa", "id_ed25519"];

    /// <summary>Without ssh_config.</summary>
    public static SshSettings Of(RemoteHost host) => Configured(host, new()
    {
        HostName = host.Host,
        User = Environment.UserName,
        Identities = [.. IdentityNames.Select(name => Path.Combine(Folder, name))],
        Agent = AgentOf(null),
        KnownHosts = [Path.Combine(Folder, "known_hosts"), Path.Combine(Folder, "known_hosts2"), .. Global],
    });

    /// <summary>With ssh_config, as ssh read it for this host.</summary>
    public static SshSettings Applied(RemoteHost host, SshConfig config)
    {
        var hostName = config.One("hostname") ?? host.Host;
        var user = config.One("user") ?? Environment.UserName;
        string File(string path) => Expanded(path, hostName, user);
        IReadOnlyList<string> Files(string key) =>
            [.. config.All(key).SelectMany(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(File)];
        return Configured(host, new()
        {
            HostName = hostName,
            User = user,
            Port = int.TryParse(config.One("port"), CultureInfo.InvariantCulture, out var port) ? port : 22,
            Identities = [.. config.All("identityfile").Select(File)],
            Certificates = [.. config.All("certificatefile").Select(File)],
            IdentitiesOnly = config.Is("identitiesonly", "yes"),
            Agent = config.All("identityagent") is [var agent, ..] ? AgentOf(File(agent)) : AgentOf(null),
            KnownHosts = [.. Files("userknownhostsfile"), .. Files("globalknownhostsfile")],
            HostKeyAlias = config.One("hostkeyalias"),
            AcceptsNewHostKeys = config.Is("stricthostkeychecking", "accept-new", "off", "no", "false"),
            Jump = config.One("proxyjump"),
            ProxyCommand = config.One("proxycommand"),
            Gssapi = config.Is("gssapiauthentication", "yes"),
        });
    }

    /// <summary>A file name as ssh takes it: ~, and the tokens of ssh_config(5).</summary>
    public static string Expanded(string path, string hostName, string user)
    {
        var text = path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Home + path[1..] : path;
        var parts = text.Split("%%");
        return string.Join('%', parts.Select(part => part
            .Replace("%d", Home, StringComparison.Ordinal)
            .Replace("%h", hostName, StringComparison.Ordinal)
            .Replace("%r", user, StringComparison.Ordinal)
            .Replace("%u", Environment.UserName, StringComparison.Ordinal)));
    }

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string Folder => Path.Combine(Home, ".ssh");

    private static string[] Global
    {
        get
        {
            var folder = OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ssh")
                : "/etc/ssh";
            return [Path.Combine(folder, "ssh_known_hosts"), Path.Combine(folder, "ssh_known_hosts2")];
        }
    }

    /// <summary>What the fleet's configuration says of the host stands above everything else.</summary>
    private static SshSettings Configured(RemoteHost host, SshSettings settings)
    {
        var ssh = host.Ssh;
        string File(string path) => Expanded(path.Replace("%", "%%", StringComparison.Ordinal), settings.HostName, settings.User);
        return settings with
        {
            User = ssh.User ?? settings.User,
            Port = ssh.Port ?? settings.Port,
            Identities = ssh.Identity is { } identity ? [File(identity)] : settings.Identities,
            IdentitiesOnly = ssh.Identity is not null || settings.IdentitiesOnly,
            KnownHosts = ssh.KnownHosts is { } known && !settings.KnownHosts.Contains(File(known))
                ? [File(known), .. settings.KnownHosts.Where(Global.Contains)]
                : settings.KnownHosts,
            HostKeyAlias = ssh.HostKeyAlias ?? settings.HostKeyAlias,
            Jump = ssh.Jump ?? settings.Jump,
        };
    }

    /// <param name="said">IdentityAgent of ssh_config: a path, none, or a variable that holds a path.</param>
    private static string? AgentOf(string? said)
    {
        var agent = said switch
        {
            null or "" or "SSH_AUTH_SOCK" => Environment.GetEnvironmentVariable("SSH_AUTH_SOCK"),
            "none" => "none",
            _ when said.StartsWith('$') => Environment.GetEnvironmentVariable(said.Trim('$', '{', '}')),
            _ => said,
        };
        if (agent == "none")
            return null;
        return agent is { Length: > 0 } ? agent : OperatingSystem.IsWindows() ? WindowsAgent : null;
    }
}
