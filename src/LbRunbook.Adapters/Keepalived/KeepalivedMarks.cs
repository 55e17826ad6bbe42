using System.Globalization;
using System.Text.RegularExpressions;
using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Keepalived;

/// <summary>
/// What lbctl writes into a configuration says of itself what stood there before: another operator on another machine can take it
/// back, and a human who opens the file sees why. Taken back, the line is what it was to the byte.
/// </summary>
internal static partial class KeepalivedMarks
{
    /// <summary>A <c>priority</c> that stands alone on its line; null = something else does, too.</summary>
    public static (string Head, int Value, int? Original, string Tail)? Priority(string line)
    {
        var match = PriorityLine().Match(line);
        if (!match.Success || KeepalivedSyntax.Words(match.Groups["tail"].Value).Count > 0)
            return null;
        return int.TryParse(match.Groups["value"].Value, CultureInfo.InvariantCulture, out var value)
            ? (match.Groups["head"].Value, value,
                int.TryParse(match.Groups["was"].Value, CultureInfo.InvariantCulture, out var was) ? was : null, match.Groups["tail"].Value)
            : null;
    }

    /// <param name="line">One that <see cref="Priority"/> understands.</param>
    /// <param name="priority">Null = what stood there before lbctl.</param>
    public static string WithPriority(string line, int? priority)
    {
        if (Priority(line) is not { } now)
            return line;
        var original = now.Original ?? now.Value;
        var value = priority is null || priority == original ? $"{original}" : $"{priority} # lbctl: was {original}";
        return now.Head + value + now.Tail;
    }

    /// <summary>A line that lbctl has put out of force.</summary>
    public static bool IsSuspended(string line) => SuspendedLine().IsMatch(line);

    public static string Suspend(string line) => IsSuspended(line) ? line : HoldBackLine().Replace(line, "${indent}# lbctl: ${rest}");

    public static string Resume(string line) => SuspendedLine().Replace(line, "${indent}${rest}");

    /// <summary>What is behind the mark, as keepalived would read it.</summary>
    public static IReadOnlyList<(string Text, bool Quoted)> SuspendedWords(string line) =>
        SuspendedLine().Match(line) is { Success: true } match ? KeepalivedSyntax.Words(match.Groups["rest"].Value) : [];

    [GeneratedRegex(
        @"^(?<head>\s*(?:@\S+\s+)?priority\s+)(?<value>[0-9]{1,3})(?: # lbctl: was (?<was>[0-9]{1,3}))?(?<tail>(?![0-9\w]).*)$",
        RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex PriorityLine();

    [GeneratedRegex(@"^(?<indent>\s*)# lbctl: (?<rest>(?:nopreempt|preempt_delay)\b.*)$", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex SuspendedLine();

    [GeneratedRegex(@"^(?<indent>\s*)(?<rest>(?:nopreempt|preempt_delay)\b.*)$", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex HoldBackLine();
}
