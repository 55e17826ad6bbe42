using System.Security.Cryptography;

namespace LbRunbook.Core.Leases;

/// <summary>What tells one claim from every other: 128 random bits.</summary>
public static class LeaseIds
{
    private const int Length = 32;

    public static string New() => RandomNumberGenerator.GetHexString(Length, lowercase: true);

    public static bool IsValid(string text) => text.Length == Length && text.All(char.IsAsciiHexDigitLower);
}
