using Renci.SshNet;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>The keys to show to a host, in ssh's order: what an agent holds first, then what is in files.</summary>
/// <param name="Remarks">Of keys that were meant to be shown and could not.</param>
internal sealed record LoginKeys(IReadOnlyList<IPrivateKeySource> Keys, IReadOnlyList<string> Remarks)
{
    /// <summary>For encrypted keys that no agent holds. Nothing asks for it: nobody may be there to answer.</summary>
    public const string PassphraseVariable = "LBCTL_SSH_PASSPHRASE";

    /// <summary>Asks the agent and reads files: on the login's own thread.</summary>
    public static LoginKeys Of(SshSettings settings, TimeSpan patience)
    {
        var agent = settings.Agent is { } path ? new SshAgent(path) : null;
        var held = agent?.PublicKeys() ?? [];
        var passphrase = Environment.GetEnvironmentVariable(PassphraseVariable) is { Length: > 0 } text ? text : null;
        List<byte[]> wanted = [];
        List<IPrivateKeySource> fromAgent = [], fromFiles = [];
        List<string> remarks = [];
        foreach (var file in settings.Identities.Distinct())
        {
            var certificate = CertificateOf(file, settings);
            var key = KeyFile.PublicKey(file);
            if (key is not null && held.Any(other => other.AsSpan().SequenceEqual(key)))
            {
                wanted.Add(key);
                if (certificate is not null && KeyFile.OfPublicFile(certificate) is { } shown)
                    fromAgent.Add(new AgentKey(agent!, key, shown, patience));
                fromAgent.Add(new AgentKey(agent!, key, key, patience));
            }
            else if (KeyFile.TryRead(file, certificate, passphrase, out var remark) is { } read)
            {
                fromFiles.Add(read);
            }
            else if (remark is not null)
            {
                remarks.Add(remark);
            }
            else if (settings.IdentitiesOnly)
            {
                remarks.Add($"{file} is not there");
            }
        }
        if (!settings.IdentitiesOnly)
        {
            fromAgent.AddRange(held.Where(key => !wanted.Any(other => other.AsSpan().SequenceEqual(key)))
                .Select(key => new AgentKey(agent!, key, key, patience)));
        }
        if (fromAgent.Count + fromFiles.Count + remarks.Count == 0)
            remarks.Add("there is no key here, in no agent and in no file: ssh: {identity: FILE}");
        return new([.. fromAgent, .. fromFiles], remarks);
    }

    /// <summary>The one beside the key, as ssh-keygen names it, or one of ssh_config that is for it.</summary>
    private static string? CertificateOf(string file, SshSettings settings)
    {
        var beside = file + "-cert.pub";
        if (File.Exists(beside))
            return beside;
        return settings.Certificates.Count == 1 && settings.Identities.Count == 1 && File.Exists(settings.Certificates[0])
            ? settings.Certificates[0]
            : null;
    }
}
