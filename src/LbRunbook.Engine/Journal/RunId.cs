using System.Globalization;

namespace LbRunbook.Engine.Journal;

/// <summary>
/// Names of runs: sortable by time, readable, and typeable at 3 AM: <c>20260102-030405-617-failover</c>. The milliseconds order runs of
/// the same second; two of the same millisecond cannot be, for the journal's file is created anew or not at all.
/// </summary>
public static class RunId
{
    public static string New(DateTimeOffset now, string verb) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd-HHmmss-fff}-{verb}");

    /// <summary>A run id becomes a file name: nothing else may.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= 80 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
