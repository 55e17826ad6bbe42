namespace LbRunbook.Core.Text;

/// <summary>"Did you mean …": the candidate that a mistyped word is closest to.</summary>
internal static class Nearest
{
    private const int LongestWord = 64;

    /// <summary>The closest candidate by edit distance (a swap of neighbours counts as one edit), or null when none is close.</summary>
    public static string? To(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestWord) return null;
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            if (candidate.Length is 0 or > LongestWord) continue;
            var distance = Distance(word, candidate);
            if (distance >= bestDistance || distance > Allowed(word, candidate)) continue;
            (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>" (did you mean x?)" for the end of a message, or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> candidates) =>
        To(word, candidates) is { } nearest ? $" (did you mean {nearest}?)" : "";

    // A third of the longer word may differ; a word that the candidate begins with ("prod" for "production") is close at any length.
    private static int Allowed(string word, string candidate) =>
        word.Length >= 3 && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase)
            ? int.MaxValue
            : Math.Max(1, Math.Max(word.Length, candidate.Length) / 3);

    /// <summary>Optimal string alignment distance, ignoring case.</summary>
    internal static int Distance(string a, string b)
    {
        var (twoBack, previous, current) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    current[j] = Math.Min(current[j], twoBack[j - 2] + 1);
            }
            (twoBack, previous, current) = (previous, current, twoBack);
        }
        return previous[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
