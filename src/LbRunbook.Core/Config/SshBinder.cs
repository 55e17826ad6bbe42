using LbRunbook.Core.Model;

namespace LbRunbook.Core.Config;

/// <summary><c>ssh:</c> of the file and of one host; the host's keys win one by one.</summary>
internal static class SshBinder
{
    private static readonly FieldRule<TimeSpan> ConnectTimeout = FieldRules.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    public static SshOptions Bind(Section owner, SshOptions defaults)
    {
        var title = owner.Title.Length == 0 ? "ssh" : $"{owner.Title}, ssh";
        if (owner.Map("ssh", title, ConfigKeys.Ssh) is not { } ssh) return defaults;
        return new SshOptions
        {
            Client = ssh.Get("client", SshRules.Client, defaults.Client),
            User = ssh.GetOrNull("user", SshRules.User) ?? defaults.User,
            Port = ssh.GetValueOrNull("port", FieldRules.Port) ?? defaults.Port,
            Identity = ssh.GetOrNull("identity", SshRules.LocalPath) ?? defaults.Identity,
            Jump = ssh.GetOrNull("jump", SshRules.Jump) ?? defaults.Jump,
            Sudo = ssh.Get("sudo", FieldRules.Boolean, defaults.Sudo),
            KnownHosts = ssh.GetOrNull("knownHosts", SshRules.KnownHosts) ?? defaults.KnownHosts,
            ConnectTimeout = ssh.Get("connectTimeout", ConnectTimeout, defaults.ConnectTimeout),
            CommandTimeout = ssh.Get("commandTimeout", FieldRules.Timeout, defaults.CommandTimeout),
        };
    }
}
