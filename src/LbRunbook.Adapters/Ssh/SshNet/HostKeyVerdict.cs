namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>What the known_hosts files say of a host's key.</summary>
internal enum HostKeyVerdict
{
    Unknown,
    Known,
    Changed,
    Revoked,
}
