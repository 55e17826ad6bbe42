using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// A key that an agent holds, of any kind that the agent knows: its bytes are shown and its signature passed on as they are, so that
/// certificates and hardware keys need nothing more.
/// </summary>
/// <param name="key">The key that signs.</param>
/// <param name="shown">The same, or a certificate of it.</param>
internal sealed class AgentKey(SshAgent agent, byte[] key, byte[] shown, TimeSpan patience) : HostAlgorithm(NameOf(shown)),
IPrivateKeySource
{
    private const string Rsa = "ssh-rsa";

    public override byte[] Data => shown;

    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms => [this];

    public override byte[] Sign(byte[] data) =>
        agent.SignWith(key, data, KnownHosts.TypeOf(key).StartsWith(Rsa, StringComparison.Ordinal), patience)
        ?? throw new SshAuthenticationException("Permission denied (publickey): the agent did not sign");

    public override bool VerifySignature(byte[] data, byte[] signature) => throw new NotSupportedException();

    /// <summary>RSA keys sign with SHA-2; their own name stands for SHA-1, which no server takes any more.</summary>
    private static string NameOf(byte[] shown)
    {
        var type = KnownHosts.TypeOf(shown);
        return type.StartsWith(Rsa, StringComparison.Ordinal) ? "rsa-sha2-512" + type[Rsa.Length..] : type;
    }
}
