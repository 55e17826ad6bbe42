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
    private readonly KeepalivedLines _lines;
    private readonly Stack<KeepalivedDirective> _open = new();
    private readonly List<string> _notFollowed = [];

    private KeepalivedConfig(IReadOnlyList<KeepalivedFile> files, string configId)
    {
        _files = files;
        _lines = new(configId);
    }

    public KeepalivedDirective Top { get; } = new([]);

    /// <summary>Includes with something in their names that is not known here: what stands there is not known, either.</summary>
    public IReadOnlyList<string> NotFollowed => _notFollowed;

    /// <param name="files">The main file first; the others are what its includes may mean.</param>
    /// <param name="configId">Lines that begin with <c>@id</c> count only where it is this one.</param>
    public static KeepalivedConfig Parse(IReadOnlyList<KeepalivedFile> files, string configId)
    {
        var config = new KeepalivedConfig(files, configId);
        config._open.Push(config.Top);
        if (files.Count > 0)
            config.Read(files[0], 0);
        return config;
    }

    private void Read(KeepalivedFile file, int depth)
    {
        foreach (var line in _lines.Of(file))
        {
            // Before its words: braces in a name are the name's.
            if (line.Text.Split((char[])[' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries) is [var word, var name]
                && Includes.Contains(word))
                Include(file, name.Trim().Trim('"', '\''), depth);
            else
                Words(line);
        }
    }

    private void Words(KeepalivedLine line)
    {
        var pending = new List<KeepalivedWord>();
        foreach (var (text, quoted) in KeepalivedSyntax.Words(line.Text))
        {
            if (quoted || text is not (KeepalivedSyntax.Open or KeepalivedSyntax.Close))
            {
                pending.Add(new(text, line.File, line.Line, line.Derived));
                continue;
            }
            if (text == KeepalivedSyntax.Open)
            {
                OpenBlock(pending);
            }
            else
            {
                Flush(pending);
                CloseBlock(line.Line);
            }
            pending = [];
        }
        Flush(pending);
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

    private void Flush(List<KeepalivedWord> words)
    {
        if (words.Count > 0)
            _open.Peek().Children.Add(new(words));
    }

    private void Include(KeepalivedFile from, string pattern, int depth)
    {
        if (pattern.Contains('$', StringComparison.Ordinal))
            _notFollowed.Add(pattern);
        if (depth >= MaximumDepth)
            return;
        foreach (var file in Matching(_files, from, pattern))
            Read(file, depth + 1);
    }

    /// <summary>Relative to the folder of the file that includes, as keepalived takes it.</summary>
    private static IEnumerable<KeepalivedFile> Matching(IReadOnlyList<KeepalivedFile> files, KeepalivedFile from, string pattern)
    {
        var full = pattern.StartsWith('/') ? pattern : $"{from.Folder}/{pattern}";
        var alternatives = Braces(full).ToList();
        return files.Where(f => alternatives.Any(a =>
                f.Path.Count(c => c == '/') == a.Count(c => c == '/')
                    && FileSystemName.MatchesSimpleExpression(a, f.Path, ignoreCase: false)))
            .OrderBy(f => f.Path, StringComparer.Ordinal);
    }

    /// <summary><c>a{b,c}</c> means ab and ac, as in a shell.</summary>
    private static IEnumerable<string> Braces(string pattern)
    {
        var close = pattern.IndexOf('}', StringComparison.Ordinal);
        var open = close < 0 ? -1 : pattern.LastIndexOf('{', close);
        return open < 0 || pattern.Count(c => c == '{') > MaximumDepth
            ? [pattern]
            : pattern[(open + 1)..close].Split(',').SelectMany(one => Braces(pattern[..open] + one + pattern[(close + 1)..]));
    }
}
