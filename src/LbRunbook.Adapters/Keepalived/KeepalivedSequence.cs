using System.Globalization;
using System.Text.RegularExpressions;
using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Keepalived;

/// <summary>
/// <c>~SEQ(var, start, step, end) rest</c> or <c>~LST(var, a, b) rest</c>: the rest of the line once for each value.
/// </summary>
internal sealed partial record KeepalivedSequence(IEnumerable<IReadOnlyList<(string Name, string Value)>> Values, string Rest)
{
    /// <returns>Null = the line is none, or none that could be understood.</returns>
    public static KeepalivedSequence? Of(string line)
    {
        if (Form().Match(line) is not { Success: true } match)
            return null;
        var arguments = Argument().Matches(match.Groups["arguments"].Value).Select(a => a.Value.Trim()).ToList();
        var rest = match.Groups["rest"].Value.Trim();
        if (match.Groups["kind"].Value == "LST")
            return arguments is [var names, _, ..] ? new(List(Several(names), arguments.Skip(1)), rest) : null;
        var numbers = arguments.Skip(1).Select(Number).ToList();
        if (numbers.Count is < 1 or > 3 || numbers.Contains(null))
            return null;
        var end = numbers[^1]!.Value;
        var start = numbers.Count > 1 ? numbers[0]!.Value : end > 0 ? 1 : -1;
        var step = numbers.Count > 2 ? numbers[1]!.Value : end >= start ? 1 : -1;
        return step == 0 ? null : new(Steps(arguments[0], start, step, end, match.Groups["kind"].Value == "SEQx"), rest);
    }

    private static IEnumerable<IReadOnlyList<(string, string)>> Steps(string name, long start, long step, long end, bool hex)
    {
        for (var value = start; step > 0 ? value <= end : value >= end; value += step)
            yield return [(name, value.ToString(hex ? "x" : "d", CultureInfo.InvariantCulture))];
    }

    private static IEnumerable<IReadOnlyList<(string, string)>> List(List<string> names, IEnumerable<string> values) =>
        values.Select(Several).Where(v => v.Count == names.Count).Select(v => (IReadOnlyList<(string, string)>)[.. names.Zip(v)]);

    private static List<string> Several(string text) => [.. text.Trim('{', '}').Split(',', StringSplitOptions.TrimEntries)];

    private static long? Number(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    [GeneratedRegex(@"^~(?<kind>SEQx|SEQ|LST)\((?<arguments>[^)]*)\)(?<rest>.*)$", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex Form();

    [GeneratedRegex(@"\{[^}]*\}|[^,\s][^,]*", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex Argument();
}
