using LbRunbook.Adapters.Ssh.SshNet;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Ssh;

/// <summary>Which client logs in to a host where nobody named one.</summary>
internal static class ClientChoice
{
    /// <param name="asked">What the configuration or LBCTL_SSH says.</param>
    /// <param name="sharesConnections">Windows' ssh cannot: it logs in for every command.</param>
    /// <param name="settings">Asked only where they decide.</param>
    public static async Task<SshClientKind> OfAsync(
        SshClientKind asked, bool hasOpenSsh, bool sharesConnections, Func<Task<SshSettings>> settings)
    {
        if (asked != SshClientKind.Auto)
            return asked;
        if (!hasOpenSsh)
            return SshClientKind.BuiltIn;
        return sharesConnections || NeedsOpenSsh(await settings()) ? SshClientKind.OpenSsh : SshClientKind.BuiltIn;
    }

    /// <summary>ssh_config often allows Kerberos for every host; it is needed where there is no key to log in with.</summary>
    private static bool NeedsOpenSsh(SshSettings settings) =>
        settings.ProxyCommand is not null
        || (settings.Gssapi && !settings.Identities.Any(File.Exists)
            && (settings.Agent is not { } agent || new SshAgent(agent).PublicKeys().Count == 0));
}
