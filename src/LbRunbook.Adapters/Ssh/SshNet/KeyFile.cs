using System.Security.Cryptography;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>A private key in a file, with the certificate beside it where there is one.</summary>
internal sealed class KeyFile : IPrivateKeySource
{
    /// <summary>A server that is shown too many keys hangs up: SHA-1 is refused anyway, and one kind of SHA-2 is enough.</summary>
    private static readonly string[] Needless = ["ssh-rsa", "rsa-sha2-256", "ssh-dss"];

    private KeyFile(PrivateKeyFile file) => HostKeyAlgorithms =
        [.. file.HostKeyAlgorithms.Where(algorithm => !Needless.Any(name =>
            algorithm.Name == name || algorithm.Name.StartsWith(name + "-cert-", StringComparison.Ordinal)))];

    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; }

    /// <param name="remark">Why it cannot be used, with what helps.</param>
    /// <returns>null when it is missing or cannot be used.</returns>
    public static KeyFile? TryRead(string path, string? certificate, string? passphrase, out string? remark)
    {
        remark = null;
        if (!File.Exists(path))
            return null;
        try
        {
            return new(new PrivateKeyFile(path, passphrase, certificate));
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            remark = $"{path} is encrypted, and no agent holds it: `ssh-add {ShellQuote.Quote(path)}`, or its passphrase in "
                + LoginKeys.PassphraseVariable;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            remark = $"{path} cannot be read: {exception.Message.TrimEnd('.')}";
        }
        catch (Exception exception) when (exception is SshException or NotSupportedException or ArgumentException or FormatException
            or CryptographicException)
        {
            remark = passphrase is null
                ? $"{path} is no key that can be used: {exception.Message.TrimEnd('.')}"
                : $"{path} does not open with the passphrase in {LoginKeys.PassphraseVariable}";
        }
        return null;
    }

    /// <summary>Stands in <c>.pub</c> beside it, and also before the encrypted part of ssh-keygen's own format.</summary>
    public static byte[]? PublicKey(string path) => OfPublicFile(path + ".pub") ?? OfPrivateFile(path);

    /// <summary>A line of a public key or of a certificate: its type, then its bytes.</summary>
    public static byte[]? OfPublicFile(string path)
    {
        try
        {
            return File.Exists(path)
                && File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, var bytes, ..]
                ? Convert.FromBase64String(bytes)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    private static byte[]? OfPrivateFile(string path)
    {
        const string magic = "openssh-key-v1\0";
        try
        {
            var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
            if (lines is not ["-----BEGIN OPENSSH PRIVATE KEY-----", ..])
                return null;
            var bytes = Convert.FromBase64String(string.Concat(lines.Where(line => !line.StartsWith('-')).Select(line => line.Trim())));
            if (!bytes.AsSpan().StartsWith(Encoding.ASCII.GetBytes(magic)))
                return null;
            var reader = new WireReader(bytes[magic.Length..]);
            // Cipher, key derivation and its options; then how many keys, of which the first is ours.
            _ = (reader.Bytes(), reader.Bytes(), reader.Bytes(), reader.Number());
            return reader.Bytes();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
