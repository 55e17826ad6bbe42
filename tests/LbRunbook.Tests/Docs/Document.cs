using System.Text;
using System.Text.RegularExpressions;
using LbRunbook.TestKit;

namespace LbRunbook.Tests.Docs;

/// <summary>One Markdown file of the repository, as far as its tests read it.</summary>
/// <param name="Path">Relative to the repository.</param>
internal sealed record Document(string Path)
{
    private const RegexOptions Plain = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    /// <summary>Where documents are; everything else at the top is built, or is no text.</summary>
    private static readonly string[] Folders = ["config", "runbooks", "src", "tests"];

    private readonly string _text = RepositoryFiles.Text(Path).ReplaceLineEndings("\n");

    public IReadOnlyList<string> Lines => _text.TrimEnd('\n').Split('\n');

    /// <summary>Targets as they are written, outside of code.</summary>
    public IEnumerable<string> Links =>
        from line in Prose
        from Match link in Regex.Matches(Regex.Replace(line, "`[^`]*`", "", Plain), @"\[[^\]]*\]\((?<target>[^)]*)\)", Plain)
        select link.Groups["target"].Value;

    /// <summary>Anchors of the headings, as GitHub makes them of headings that are there once.</summary>
    public IReadOnlySet<string> Anchors =>
        Prose.Where(l => Regex.IsMatch(l, "^#{1,6} ", Plain)).Select(l => AnchorOf(l.TrimStart('#').Trim()))
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>What people type, without what only stands for something (<c>…</c>, <c>[RUN]</c>).</summary>
    public IEnumerable<string> Commands =>
        Prose.SelectMany(l => l.StartsWith("    ", StringComparison.Ordinal) ? Typed(l) : Quoted(l))
            .Where(c => !Regex.IsMatch(c, @"[…\[\\]|\b(VERB|FAULT)\b", Plain));

    private IEnumerable<string> Prose
    {
        get
        {
            var code = false;
            foreach (var line in Lines)
            {
                if (line.StartsWith("```", StringComparison.Ordinal))
                    code = !code;
                else if (!code)
                    yield return line;
            }
        }
    }

    public static IEnumerable<Document> All() =>
        Folders.SelectMany(f => Directory.EnumerateFiles(RepositoryFiles.Path(f), "*.md", SearchOption.AllDirectories))
            .Select(f => System.IO.Path.GetRelativePath(RepositoryFiles.Path("."), f).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(part => part is "bin" or "obj"))
            .Append("README.md")
            .Order(StringComparer.Ordinal)
            .Select(f => new Document(f));

    /// <summary>An indented line, with what it is for behind it.</summary>
    private static IEnumerable<string> Typed(string line) =>
        line.StartsWith("    lbctl ", StringComparison.Ordinal) ? [Regex.Replace(line, " +#.*$", "", Plain).Trim()] : [];

    /// <summary>In a sentence a verb alone is its name, not a command.</summary>
    private static IEnumerable<string> Quoted(string line) =>
        Regex.Matches(line, "`(?<command>lbctl [^`]*)`", Plain)
            .Select(m => m.Groups["command"].Value)
            .Where(c => c.Count(letter => letter == ' ') > 1);

    private static string AnchorOf(string heading)
    {
        var anchor = new StringBuilder();
        foreach (var c in heading.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_')
                anchor.Append(c);
            else if (c == ' ')
                anchor.Append('-');
        }
        return anchor.ToString();
    }
}
