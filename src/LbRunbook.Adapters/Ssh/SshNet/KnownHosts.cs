using System.Buffers.Binary;
using System.Text;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>The host keys that this machine knows: all lines of all files, as ssh reads them.</summary>
internal sealed class KnownHosts(IReadOnlyList<KnownHostsLine> lines)
{
    /// <summary>A file that is missing or may not be read knows nobody.</summary>
    public static KnownHosts Read(IEnumerable<string> files) =>
        new([.. files.SelectMany(LinesOf).Select(KnownHostsLine.TryParse).OfType<KnownHostsLine>()]);

    public static KnownHosts Parse(string text) => new([.. text.Split('\n').Select(KnownHostsLine.TryParse).OfType<KnownHostsLine>()]);

    /// <param name="names">In the order in which they are believed. Under the first a key can be another than the recorded one; a further
    /// one (the host without its port) only helps.</param>
    public HostKeyVerdict Of(IReadOnlyList<string> names, byte[] key)
    {
        if (IsRevoked(names, key))
            return HostKeyVerdict.Revoked;
        if (names.Any(name => lines.Any(line => line.Marker is null && line.Matches(name) && line.Holds(key))))
            return HostKeyVerdict.Known;
        // Of another type there may be none recorded: that is no change.
        return TypesOf(names[0]).Contains(TypeOf(key)) ? HostKeyVerdict.Changed : HostKeyVerdict.Unknown;
    }

    /// <summary>Whether the key signs for hosts of these names.</summary>
    public bool IsAuthority(IReadOnlyList<string> names, byte[] key) =>
        !IsRevoked(names, key) && lines.Any(line => line.Marker == KnownHostsLine.Authority && names.Any(line.Matches) && line.Holds(key));

    public bool HasAuthority(IReadOnlyList<string> names) =>
        lines.Any(line => line.Marker == KnownHostsLine.Authority && names.Any(line.Matches));

    /// <summary>The types of key that are recorded for a host: the server is asked for one of these first.</summary>
    public IReadOnlyList<string> TypesOf(string name) =>
        [.. lines.Where(line => line.Marker is null && line.Matches(name)).Select(line => TypeOf(line.Key)).Distinct()];

    /// <summary>The first string of a key's bytes.</summary>
    public static string TypeOf(byte[] key)
    {
        if (key.Length < 4)
            return "";
        var length = BinaryPrimitives.ReadUInt32BigEndian(key);
        return length <= key.Length - 4 ? Encoding.ASCII.GetString(key, 4, (int)length) : "";
    }

    private bool IsRevoked(IReadOnlyList<string> names, byte[] key) =>
        lines.Any(line => line.Marker == KnownHostsLine.Revoked && names.Any(line.Matches) && line.Holds(key));

    private static string[] LinesOf(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
