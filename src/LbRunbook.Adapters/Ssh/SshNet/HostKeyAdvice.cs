using System.Security.Cryptography;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// What to do about a host key where there is neither ssh-keyscan nor ssh-keygen: its fingerprint to compare, and the line to write down.
/// </summary>
internal static class HostKeyAdvice
{
    public static AdapterException Of(RemoteHost host, string operation, HostKeyCheck check)
    {
        var type = KnownHosts.TypeOf(check.Key);
        var file = host.Ssh.KnownHosts ?? "~/.ssh/known_hosts";
        var fingerprint = "SHA256:" + Convert.ToBase64String(SHA256.HashData(check.Key)).TrimEnd('=');
        var (said, remedy) = check.Verdict == HostKeyVerdict.Changed
            ? ($"is not the one recorded in {file}", "replace the old line there by")
            : ($"is not in {file}", "add this line there:");
        return new(host.Name, operation,
            $"The host key of {SshFailure.Label(host)} {said}; it is {type} {fingerprint}. On the machine's console compare "
            + "`cat /etc/ssh/ssh_host_*.pub | ssh-keygen -lf -`, and if it is right "
            + $"{remedy} `{check.Names[0]} {type} {Convert.ToBase64String(check.Key)}`.",
            Reach.HostKeyChanged);
    }
}
