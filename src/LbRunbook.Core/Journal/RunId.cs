using System.Globalization;
using System.Security.Cryptography;

namespace LbRunbook.Core.Journal;

/// <summary>Names of runs: sortable by time, readable, and typeable at 3 AM: <c>20260102-030405-failover-7f3a</c>.</summary>
public static class RunId
{
    public static string New(DateTimeOffset now, string verb) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd-HHmmss}-{verb}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");

    /// <summary>A run id becomes a file name: nothing else may.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= 80 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
