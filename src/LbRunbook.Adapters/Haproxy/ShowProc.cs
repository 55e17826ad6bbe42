using System.Globalization;
using System.Text.RegularExpressions;
using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Reply of the master's <c>show proc</c>.</summary>
/// <param name="Workers">Of the current configuration.</param>
/// <param name="OldWorkers">Of earlier configurations, still serving what they had accepted.</param>
/// <param name="FailedReloads">Since the last good one; above 0 the file on disk is not what runs.</param>
internal sealed partial record ShowProc(IReadOnlyList<int> Workers, IReadOnlyList<int> OldWorkers, int FailedReloads)
{
    /// <returns>null when this is not a process list.</returns>
    public static ShowProc? Parse(string text)
    {
        var workers = new List<int>();
        var old = new List<int>();
        int? failed = null;
        var section = "";
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            if (line.StartsWith('#'))
                section = line.TrimStart('#', ' ');
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                continue;
            if (words[1] == "master")
                failed = Failed().Match(line) is { Success: true } m && int.TryParse(m.Groups["count"].ValueSpan, out var count)
                    ? count
                    : 0;
            else if (words[1] == "worker")
                (section == "old workers" ? old : workers).Add(pid);
        }
        return failed is { } f ? new(workers, old, f) : null;
    }

    [GeneratedRegex(@"\[failed: (?<count>[0-9]{1,9})\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Patterns.Patience)]
    private static partial Regex Failed();
}
