using System.Security.Cryptography;
using System.Text;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>One line of known_hosts: a marker, names, and a key. Source: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT.</summary>
internal sealed class KnownHostsLine
{
    public const string Revoked = "@revoked";
    public const string Authority = "@cert-authority";

    private readonly string _names;

    private KnownHostsLine(string? marker, string names, string type, byte[] key) =>
        (Marker, _names, Type, Key) = (marker, names, type, key);

    public string? Marker { get; }
    public string Type { get; }
    public byte[] Key { get; }

    /// <returns>null for a comment, and for what is no such line: ssh passes over it as well.</returns>
    public static KnownHostsLine? TryParse(string line)
    {
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0].StartsWith('#'))
            return null;
        var marker = words[0].StartsWith('@') ? words[0] : null;
        if (marker is not (null or Revoked or Authority))
            return null;
        var rest = marker is null ? words : words[1..];
        if (rest.Length < 3)
            return null;
        var key = new byte[rest[2].Length];
        return Convert.TryFromBase64String(rest[2], key, out var length)
            ? new(marker, rest[0], rest[1], key[..length])
            : null;
    }

    /// <param name="name">As ssh asks for it: <c>host</c>, or <c>[host]:port</c> where the port is another than 22.</param>
    public bool Matches(string name) => _names.StartsWith('|') ? MatchesHash(name) : NamePattern.MatchesAny(_names, name);

    public bool Holds(byte[] key) => Key.AsSpan().SequenceEqual(key);

    /// <summary><c>|1|salt|hash</c>: the name cannot be read off the file, only tried.</summary>
    private bool MatchesHash(string name)
    {
        var parts = _names.Split('|');
        if (parts.Length != 4 || parts[1] != "1")
            return false;
        try
        {
#pragma warning disable CA5350 // The format's own hash; nothing rests on it but that a stolen file does not list our hosts.
            var hash = HMACSHA1.HashData(Convert.FromBase64String(parts[2]), Encoding.UTF8.GetBytes(name.ToLowerInvariant()));
#pragma warning restore CA5350
            return hash.AsSpan().SequenceEqual(Convert.FromBase64String(parts[3]));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
