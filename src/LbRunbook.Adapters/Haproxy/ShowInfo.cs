using System.Globalization;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Reply of <c>show info</c>: "Name: value" lines up to an empty one.</summary>
/// <param name="Complete">Its ending empty line was there.</param>
internal sealed record ShowInfo(IReadOnlyDictionary<string, string> Values, bool Complete)
{
    public string? Version => Values.GetValueOrDefault("Version");
    public int Pid => (int?)Number("Pid") ?? 0;
    public TimeSpan? Uptime => Number("Uptime_sec") is { } seconds and >= 0 and < int.MaxValue ? TimeSpan.FromSeconds(seconds) : null;
    public long CurrentConnections => Number("CurrConns") ?? 0;
    public long? MaxConnections => Number("Maxconn");
    public int? IdlePercent => (int?)Number("Idle_pct");

    /// <summary>The worker finishes what it has and leaves.</summary>
    public bool Stopping => Number("Stopping") is > 0;

    public static ShowInfo Parse(string text)
    {
        var values = new Dictionary<string, string>();
        // The last piece of a split ends with the text, not with a line end.
        foreach (var line in text.Split('\n').SkipLast(1))
        {
            if (line.Length == 0)
                return new(values, values.Count > 0);
            var colon = line.IndexOf(':');
            if (colon > 0)
                values[line[..colon]] = Printable.Line(line[(colon + 1)..]);
        }
        return new(values, false);
    }

    private long? Number(string name) =>
        long.TryParse(Values.GetValueOrDefault(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value is >= int.MinValue and <= int.MaxValue ? value : null;
}
