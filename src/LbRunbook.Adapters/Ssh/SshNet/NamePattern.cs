namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>Patterns of known_hosts: * and ?, several separated by commas, and ! before one that must not match.</summary>
internal static class NamePattern
{
    public static bool MatchesAny(string patterns, string name)
    {
        var found = false;
        foreach (var pattern in patterns.Split(','))
        {
            if (!pattern.StartsWith('!'))
                found |= Matches(pattern, name);
            else if (Matches(pattern[1..], name))
                return false;
        }
        return found;
    }

    public static bool Matches(string pattern, string name)
    {
        // Where the last * was, and what it has swallowed so far: on a mismatch it swallows one more.
        var (star, swallowed, at) = (-1, 0, 0);
        for (var next = 0; next < name.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
                (star, swallowed, at) = (at, next, at + 1);
            else if (at < pattern.Length && (pattern[at] == '?' || Same(pattern[at], name[next])))
                (at, next) = (at + 1, next + 1);
            else if (star >= 0)
                (at, next) = (star + 1, ++swallowed);
            else
                return false;
        }
        return pattern[at..].All(c => c == '*');
    }

    private static bool Same(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);
}
