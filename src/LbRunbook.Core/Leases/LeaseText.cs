using System.Globalization;

namespace LbRunbook.Core.Leases;

/// <summary>
/// A holder as <c>key=value</c> lines, which a POSIX shell can write and read. What comes back was on a machine where others write,
/// too: every key exactly once, every value within its bounds and printable, or it is not a holder.
/// </summary>
public static class LeaseText
{
    private const int LongestValue = 300;
    private const string SinceFormat = "yyyy-MM-ddTHH:mm:ssZ";

    public static string Write(LeaseHolder holder) => string.Join('\n',
    [
        $"user={Clean(holder.User)}",
        $"host={Clean(holder.Host)}",
        string.Create(CultureInfo.InvariantCulture, $"pid={holder.Pid}"),
        string.Create(CultureInfo.InvariantCulture, $"start={holder.ProcessStart}"),
        $"place={Clean(holder.Place)}",
        $"verb={Clean(holder.Verb)}",
        $"command={Clean(holder.Command)}",
        $"run={Clean(holder.RunId)}",
        $"since={holder.Since.UtcDateTime.ToString(SinceFormat, CultureInfo.InvariantCulture)}",
    ]);

    /// <returns>Null when it is none.</returns>
    public static LeaseHolder? Read(string text) => Fields(text) is { } fields ? Read(fields) : null;

    public static LeaseHolder? Read(IReadOnlyDictionary<string, string> fields)
    {
        if (Number(fields, "pid", int.MaxValue) is not { } pid || Number(fields, "start", long.MaxValue) is not { } start)
            return null;
        if (!DateTimeOffset.TryParseExact(fields.GetValueOrDefault("since"), SinceFormat, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var since))
            return null;
        foreach (var key in (string[])["user", "host", "place", "verb", "command", "run"])
        {
            if (!fields.ContainsKey(key))
                return null;
        }
        return new()
        {
            User = fields["user"],
            Host = fields["host"],
            Pid = (int)pid,
            ProcessStart = start,
            Place = fields["place"],
            Verb = fields["verb"],
            Command = fields["command"],
            RunId = fields["run"],
            Since = since,
        };
    }

    /// <returns>Null when a line is no <c>key=value</c>, a key comes twice, or a value is too long or not printable.</returns>
    public static IReadOnlyDictionary<string, string>? Fields(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || line.Length > LongestValue + at + 1 || !line.All(IsPlain) || !fields.TryAdd(line[..at], line[(at + 1)..]))
                return null;
        }
        return fields;
    }

    /// <summary>Digits alone: no sign, no space, no leading zero, which a shell would take for octal.</summary>
    public static long? Number(IReadOnlyDictionary<string, string> fields, string key, long highest)
    {
        var text = fields.GetValueOrDefault(key) ?? "";
        return text.Length is > 0 and <= 18 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0')
            && long.Parse(text, CultureInfo.InvariantCulture) is var number && number <= highest ? number : null;
    }

    /// <summary>One printable line; anything else is replaced, for it could end the line and begin another key.</summary>
    private static string Clean(string value)
    {
        var plain = string.Concat(value.Select(c => IsPlain(c) ? c : '?'));
        return plain.Length <= LongestValue ? plain : plain[..LongestValue];
    }

    private static bool IsPlain(char c) => c is >= ' ' and <= '~';
}
