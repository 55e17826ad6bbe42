namespace LbRunbook.Adapters.Keepalived;

/// <summary>One file of the configuration, by its lines without their ends.</summary>
internal sealed record KeepalivedFile(string Path, IReadOnlyList<string> Lines)
{
    /// <summary>What the node said of its bytes; empty = it did not.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Without the last slash.</summary>
    public string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];
}

/// <param name="Text">Without quotes.</param>
/// <param name="Line">Zero-based.</param>
/// <param name="Derived">See <see cref="KeepalivedLine"/>.</param>
internal sealed record KeepalivedWord(string Text, KeepalivedFile File, int Line, bool Derived = false);

/// <summary>A line's words, and the block behind them. <see cref="EndLine"/> is that of the closing brace.</summary>
internal sealed class KeepalivedDirective(IReadOnlyList<KeepalivedWord> words)
{
    public IReadOnlyList<KeepalivedWord> Words { get; } = words;
    public List<KeepalivedDirective> Children { get; } = [];
    public bool HasBlock { get; set; }
    public int EndLine { get; set; } = int.MaxValue;

    public string Name => Words.Count > 0 ? Words[0].Text : "";
    public string? Value => Words.Count > 1 ? Words[1].Text : null;

    public IEnumerable<KeepalivedDirective> All(string name) => Children.Where(c => c.Name == name);

    /// <summary>As in keepalived, the last one counts.</summary>
    public KeepalivedDirective? Last(string name) => Children.LastOrDefault(c => c.Name == name);
}

/// <summary>
/// Tokens by keepalived's own rules: a line is a directive, <c>#</c> and <c>!</c> begin a comment anywhere outside quotes,
/// braces stand for themselves. Text that is no configuration yields what could be made of it and never an exception.
/// </summary>
internal static class KeepalivedSyntax
{
    public const string Open = "{";
    public const string Close = "}";

    /// <summary>Quotes as <see cref="Words"/> takes them: one that is never closed takes the rest of the line.</summary>
    public static string WithoutComment(string line)
    {
        for (var at = 0; at < line.Length; at++)
        {
            var opens = line[at] == '"' || (line[at] == '\'' && (at == 0 || char.IsWhiteSpace(line[at - 1]) || line[at - 1] is '{' or '}'));
            if (line[at] is '#' or '!')
                return line[..at];
            if (opens && (at = line.IndexOf(line[at], at + 1)) < 0)
                return line;
        }
        return line;
    }

    /// <summary>The words of one line; a brace is a word of its own unless it is quoted.</summary>
    public static IReadOnlyList<(string Text, bool Quoted)> Words(string line)
    {
        var words = new List<(string, bool)>();
        var at = 0;
        while (at < line.Length)
        {
            var character = line[at];
            if (character is '#' or '!')
                break;
            if (char.IsWhiteSpace(character))
            {
                at++;
            }
            else if (character is '{' or '}')
            {
                words.Add((character.ToString(), false));
                at++;
            }
            else if (character is '"' or '\'')
            {
                var end = line.IndexOf(character, at + 1);
                end = end < 0 ? line.Length : end;
                words.Add((line[(at + 1)..end], true));
                at = end + 1;
            }
            else
            {
                var end = at;
                while (end < line.Length && !char.IsWhiteSpace(line[end]) && line[end] is not ('{' or '}' or '#' or '!' or '"'))
                    end++;
                words.Add((line[at..end], false));
                at = end;
            }
        }
        return words;
    }
}
