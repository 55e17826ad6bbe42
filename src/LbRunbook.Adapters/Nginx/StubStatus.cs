using System.Text.RegularExpressions;
using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Nginx;

/// <summary>The stub_status page, with or without HTTP headers before it.</summary>
/// <param name="Active">Client connections, idle ones included.</param>
internal sealed partial record StubStatus(long Active, long Accepted, long Handled, long Requests)
{
    public static StubStatus? Parse(string text)
    {
        var active = ActiveLine().Match(text);
        if (!active.Success)
            return null;
        var counters = Counters().Match(text);
        return new(
            long.Parse(active.Groups["active"].ValueSpan),
            Counter(counters, "accepted"), Counter(counters, "handled"), Counter(counters, "requests"));
    }

    private static long Counter(Match match, string group) => match.Success ? long.Parse(match.Groups[group].ValueSpan) : 0;

    [GeneratedRegex(@"^Active connections: (?<active>[0-9]{1,18})\s*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: Patterns.Patience)]
    private static partial Regex ActiveLine();

    [GeneratedRegex(@"^ ?(?<accepted>[0-9]{1,18}) (?<handled>[0-9]{1,18}) (?<requests>[0-9]{1,18})\s*$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Patterns.Patience)]
    private static partial Regex Counters();
}
