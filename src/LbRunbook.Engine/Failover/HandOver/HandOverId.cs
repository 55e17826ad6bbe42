namespace LbRunbook.Engine.Failover.HandOver;

/// <summary>What a hand-over calls the things that it makes on the nodes.</summary>
internal static class HandOverId
{
    private const int Longest = 11;

    /// <summary>
    /// Short enough for a packet filter's chain (28 characters): the last digits of the run's name, which are its day and time to the
    /// millisecond.
    /// </summary>
    public static string Of(string runId)
    {
        var digits = string.Concat(runId.Where(char.IsAsciiDigit));
        return digits.Length == 0 ? "0" : digits[Math.Max(0, digits.Length - Longest)..];
    }
}
