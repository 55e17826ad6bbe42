using System.Globalization;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Nginx;

/// <summary>
/// Changes the one <c>server</c> line of one <c>upstream</c> and not a character besides: by token, so that 10.0.1.1 is never 10.0.1.10,
/// and wherever the line stands, in an included file as well.
/// </summary>
internal static class NginxUpstreamEdit
{
    /// <returns>The files that change, with their new text; empty = it is so already.</returns>
    /// <exception cref="FormatException">There is no such line, or more than one.</exception>
    public static IReadOnlyList<(NginxFile File, string Text)> SetDown(IReadOnlyList<NginxFile> files, ServerName name, bool down) =>
        Change(files, name, line => (Word(line, w => w == "down"), down) switch
        {
            ({ } at, false) => (at, ""),
            (null, true) => (AtEnd(line), " down"),
            _ => null,
        });

    public static IReadOnlyList<(NginxFile File, string Text)> SetWeight(IReadOnlyList<NginxFile> files, ServerName name, int weight) =>
        Change(files, name, line =>
        {
            var text = string.Create(CultureInfo.InvariantCulture, $" weight={weight}");
            var at = Word(line, w => w.StartsWith("weight=", StringComparison.Ordinal));
            return at is null ? (weight == 1 ? null : (AtEnd(line), text)) : (at.Value, text);
        });

    private static IReadOnlyList<(NginxFile File, string Text)> Change(
        IReadOnlyList<NginxFile> files, ServerName name, Func<NginxDirective, (NginxSpan At, string Text)?> edit)
    {
        // Expanding puts included lines where they belong; they stay the same objects, by which their file is found again.
        var lines = ServerLines(files, name.Pool).Where(s => s.Words[1] == name.Server).ToList();
        if (lines.Count != 1)
            throw new FormatException(lines.Count == 0
                ? $"upstream {name.Pool} has no line \"server {name.Server}\""
                : $"upstream {name.Pool} has {lines.Count} lines \"server {name.Server}\"");
        if (edit(lines[0]) is not { } change)
            return [];
        var file = FileOf(files, lines[0]);
        return [(file, file.Text[..change.At.Start] + change.Text + file.Text[change.At.End..])];
    }

    public static IEnumerable<NginxDirective> ServerLines(IReadOnlyList<NginxFile> files, string pool) => NginxDump.Parse(files)
        .Where(c => c.Name is "http" or "stream").SelectMany(c => c.Children)
        .Where(u => u is { Name: "upstream", Words.Count: >= 2 } && u.Words[1] == pool).SelectMany(u => u.Children)
        .Where(s => s is { Name: "server", Words.Count: >= 2 });

    public static NginxFile FileOf(IReadOnlyList<NginxFile> files, NginxDirective line) =>
        files.Single(f => All(f.Directives).Any(d => ReferenceEquals(d.Spans, line.Spans)));

    private static IEnumerable<NginxDirective> All(IReadOnlyList<NginxDirective> directives) =>
        directives.Concat(directives.SelectMany(d => All(d.Children)));

    /// <summary>A parameter with the blank before it. The first two words are "server" and the address.</summary>
    private static NginxSpan? Word(NginxDirective line, Func<string, bool> isIt)
    {
        for (var i = 2; i < line.Words.Count; i++)
            if (isIt(line.Words[i]))
                return new(line.Spans[i - 1].End, line.Spans[i].End);
        return null;
    }

    private static NginxSpan AtEnd(NginxDirective line) => new(line.Spans[line.Words.Count - 1].End, line.Spans[line.Words.Count - 1].End);
}
