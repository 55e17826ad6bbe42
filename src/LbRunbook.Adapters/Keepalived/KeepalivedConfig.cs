using System.IO.Enumeration;

namespace LbRunbook.Adapters.Keepalived;

/// <summary>
/// The whole configuration of one host as a tree: includes followed, lines for other hosts left out, variables filled in.
/// </summary>
internal sealed class KeepalivedConfig
{
    /// <summary>Deeper nesting, of blocks or of includes, is no keepalived configuration.</summary>
    private const int MaximumDepth = 32;

    private static readonly string[] Includes = ["include", "includer", "includem", "includew", "includeb", "includea"];

    private readonly IReadOnlyList<KeepalivedFile> _files;
    private readonly string _configId;
    private readonly Dictionary<string, string> _variables = [];
    private readonly Stack<KeepalivedDirective> _open = new();
    private int _lines;

    private KeepalivedConfig(IReadOnlyList<KeepalivedFile> files, string configId)
    {
        _files = files;
        _configId = configId;
    }

    /// <param name="files">The main file first; the others are what its includes may mean.</param>
    /// <param name="configId">Lines that begin with <c>@id</c> count only where it is this one.</param>
    public static KeepalivedDirective Parse(IReadOnlyList<KeepalivedFile> files, string configId)
    {
        var top = new KeepalivedDirective([]);
        if (files.Count == 0)
            return top;
        var config = new KeepalivedConfig(files, configId);
        config._open.Push(top);
        config.Read(files[0], 0);
        return top;
    }

    private void Read(KeepalivedFile file, int depth)
    {
        for (var line = 0; line < file.Lines.Count; line++)
        {
            // Includes of includes can multiply without end.
            if (++_lines > 100_000)
                return;
            var words = KeepalivedSyntax.Words(file.Lines[line]).ToList();
            if (words.Count > 0 && !words[0].Quoted && words[0].Text.StartsWith('@'))
            {
                if (!IsOurs(words[0].Text))
                    continue;
                words.RemoveAt(0);
            }
            Line(file, line, words, depth);
        }
    }

    private void Line(KeepalivedFile file, int line, List<(string Text, bool Quoted)> words, int depth)
    {
        var pending = new List<KeepalivedWord>();
        foreach (var (text, quoted) in words)
        {
            if (quoted || text is not (KeepalivedSyntax.Open or KeepalivedSyntax.Close))
            {
                pending.Add(new(Filled(text), file, line));
                continue;
            }
            if (text == KeepalivedSyntax.Open)
            {
                OpenBlock(pending);
            }
            else
            {
                Flush(pending, depth);
                CloseBlock(line);
            }
            pending = [];
        }
        Flush(pending, depth);
    }

    /// <summary>A brace on a line of its own belongs to the line before it.</summary>
    private void OpenBlock(List<KeepalivedWord> words)
    {
        var parent = _open.Peek();
        var block = words.Count == 0 && parent.Children.LastOrDefault() is { HasBlock: false } last ? last : new KeepalivedDirective(words);
        block.HasBlock = true;
        if (!ReferenceEquals(block, parent.Children.LastOrDefault()))
            parent.Children.Add(block);
        // Too deep: what comes is read as if it stood in the block above, and closes nothing that it should not.
        _open.Push(_open.Count > MaximumDepth ? parent : block);
    }

    private void CloseBlock(int line)
    {
        // A stray brace must not end the reading of what comes after it.
        if (_open.Count > 1)
            _open.Pop().EndLine = line;
    }

    private void Flush(List<KeepalivedWord> words, int depth)
    {
        if (words.Count == 0)
            return;
        if (words[0].Text is ['$', .. var variable] && variable.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            _variables[variable[..equals]] = string.Join(' ', [variable[(equals + 1)..], .. words.Skip(1).Select(w => w.Text)]).Trim();
        else if (Includes.Contains(words[0].Text) && words.Count > 1)
            Include(words[1], depth);
        else
            _open.Peek().Children.Add(new(words));
    }

    private void Include(KeepalivedWord pattern, int depth)
    {
        if (depth >= MaximumDepth)
            return;
        foreach (var file in Matching(_files, pattern.File.Path, pattern.Text))
            Read(file, depth + 1);
    }

    /// <summary>Relative to the folder of the file that includes, as keepalived takes it.</summary>
    public static IEnumerable<KeepalivedFile> Matching(IReadOnlyList<KeepalivedFile> files, string from, string pattern)
    {
        var slash = from.LastIndexOf('/');
        var full = pattern.StartsWith('/') ? pattern : $"{from[..Math.Max(0, slash)]}/{pattern}";
        return files.Where(f =>
            f.Path.Count(c => c == '/') == full.Count(c => c == '/')
                && FileSystemName.MatchesSimpleExpression(full, f.Path, ignoreCase: false))
            .OrderBy(f => f.Path, StringComparer.Ordinal);
    }

    private bool IsOurs(string condition) => condition switch
    {
        ['@', '^', .. var other] => other != _configId,
        ['@', .. var id] => id == _configId,
        _ => true,
    };

    private string Filled(string text)
    {
        if (text.Contains('$', StringComparison.Ordinal) && !(text[0] == '$' && text.Contains('=', StringComparison.Ordinal)))
            foreach (var (name, value) in _variables.OrderByDescending(v => v.Key.Length))
                text = text.Replace($"${{{name}}}", value, StringComparison.Ordinal).Replace($"${name}", value, StringComparison.Ordinal);
        return text.Length > 4096 ? text[..4096] : text;
    }
}
