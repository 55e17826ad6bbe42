using System.Globalization;
using System.Text.RegularExpressions;
using LbRunbook.Core.Text;

namespace LbRunbook.Lab;

/// <summary>Objects that only a lab can have made, of an index that no lab has.</summary>
internal static partial class LabStrays
{
    public static IReadOnlyList<int> Indexes()
    {
        var claimed = LabRegistry.Claims().Select(c => c.Index).ToHashSet();
        var names = LabNetwork.AllLinks().Concat(LabNetwork.AllNamespaces()).Concat(LabCgroups.Named("lb"));
        return [.. names.Select(IndexIn).OfType<int>().Where(i => !claimed.Contains(i)).Distinct().Order()];
    }

    /// <summary>Only the names that labs give (lb7-br, lb7-web1…), since whatever matches is deleted.</summary>
    public static int? IndexIn(string name) =>
        ObjectName().Match(name) is { Success: true } match
            && int.Parse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture) is var index and >= 1 and <= LabRegistry.LastIndex
            ? index
            : null;

    [GeneratedRegex(@"^lb(?<index>[1-9][0-9]{0,2})-(br|client|lb[1-9]|web[1-9][0-9]?)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Patterns.Patience)]
    private static partial Regex ObjectName();
}
