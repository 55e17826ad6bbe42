namespace LbRunbook.Adapters.Haproxy;

/// <summary>
/// The replies to <see cref="Question"/>, told apart by how each begins and not by counting: a command that an old
/// version does not know, or that the socket's level refuses, then costs only itself.
/// </summary>
internal sealed record RuntimeReply(string? Level, ShowInfo? Info, ShowStat? Stat, ShowServersState? Servers, bool Denied)
{
    public const string Question = "show cli level;show info;show stat;show servers state";

    public static RuntimeReply Parse(string text)
    {
        text = text.ReplaceLineEndings("\n");
        var level = text.Split('\n', 2)[0].Trim();
        return new(
            level is "user" or "operator" or "admin" ? level : null,
            At(text, "Name: ") is { } info ? ShowInfo.Parse(info) : null,
            At(text, "# pxname,") is { } stat ? ShowStat.Parse(stat) : null,
            At(text, "1\n# be_id ") is { } servers ? ShowServersState.Parse(servers) : null,
            At(text, "Permission denied") is not null);
    }

    /// <summary>The text from the line that begins with <paramref name="head"/>.</summary>
    private static string? At(string text, string head)
    {
        if (text.StartsWith(head, StringComparison.Ordinal))
            return text;
        var at = text.IndexOf("\n" + head, StringComparison.Ordinal);
        return at < 0 ? null : text[(at + 1)..];
    }
}
