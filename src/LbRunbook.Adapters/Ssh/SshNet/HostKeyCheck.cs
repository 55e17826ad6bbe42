using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// Stands between a login and the host that it reaches. The library believes every key unless it is told otherwise, so that every client
/// is made through here and nowhere else.
/// </summary>
internal sealed class HostKeyCheck(KnownHosts known, IReadOnlyList<string> names, bool acceptNew)
{
    private const string CertificateMark = "-cert-v01@openssh.com";

    /// <summary>SHA-1, which ssh has not taken either since 8.8, and DSA.</summary>
    private static readonly string[] Broken = ["ssh-rsa", "ssh-dss", "ssh-rsa" + CertificateMark, "ssh-dss" + CertificateMark];

    /// <summary>null as long as the host has shown no key that is its own.</summary>
    public HostKeyVerdict? Verdict { get; private set; }

    /// <summary>The key that the host showed.</summary>
    public byte[] Key { get; private set; } = [];

    /// <summary>Its operator chose, in ssh_config, that a key which nobody knows is recorded: StrictHostKeyChecking.</summary>
    public bool IsNew { get; private set; }

    public IReadOnlyList<string> Names => names;

    public SshClient Client(ConnectionInfo info)
    {
        Arrange(info);
        var client = new SshClient(info);
        // Also at each renewal of the connection's keys.
        client.HostKeyReceived += (_, shown) => shown.CanTrust = Trusts(shown);
        return client;
    }

    private bool Trusts(HostKeyEventArgs shown)
    {
        Key = shown.HostKey;
        var verdict = shown.Certificate is { } certificate && Vouches(certificate, shown.HostKey)
            ? HostKeyVerdict.Known
            : known.Of(names, shown.HostKey);
        IsNew = verdict == HostKeyVerdict.Unknown && acceptNew;
        Verdict = IsNew ? HostKeyVerdict.Known : verdict;
        return Verdict == HostKeyVerdict.Known;
    }

    /// <summary>That the authority signed it, and that it is not too old, the library has seen to.</summary>
    private bool Vouches(Certificate certificate, byte[] certified) =>
        certificate.Type == Certificate.CertificateType.Host
        && certificate.CriticalOptions.Count == 0
        && known.IsAuthority(names, certificate.CertificateAuthorityKey)
        && known.Of(names, certified) != HostKeyVerdict.Revoked
        && (certificate.ValidPrincipals.Count == 0
            || certificate.ValidPrincipals.Any(principal => names.Any(name => NamePattern.Matches(principal, Bare(name)))));

    /// <summary>A server has keys of several types and shows the one that is asked for first: of a type that is known here.</summary>
    private void Arrange(ConnectionInfo info)
    {
        var algorithms = info.HostKeyAlgorithms;
        var types = names.SelectMany(known.TypesOf).Distinct().ToList();
        var certificates = known.HasAuthority(names);
        foreach (var name in algorithms.Keys.ToList())
        {
            var isCertificate = name.EndsWith(CertificateMark, StringComparison.Ordinal);
            if (Array.IndexOf(Broken, name) >= 0 || (isCertificate && !certificates))
                algorithms.Remove(name);
        }
        foreach (var name in algorithms.Keys.Where(name => !IsFirst(name)).ToList())
        {
            var algorithm = algorithms[name];
            algorithms.Remove(name);
            algorithms.Add(name, algorithm);
        }

        bool IsFirst(string name) => name.EndsWith(CertificateMark, StringComparison.Ordinal) || types.Contains(TypeOf(name));
    }

    private static string TypeOf(string algorithm) =>
        algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal) ? "ssh-rsa" : algorithm;

    /// <summary>Certificates name hosts, without a port.</summary>
    private static string Bare(string name) =>
        name.StartsWith('[') && name.IndexOf(']', StringComparison.Ordinal) is > 0 and var end ? name[1..end] : name;
}
