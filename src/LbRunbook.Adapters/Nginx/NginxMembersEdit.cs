using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Nginx;

/// <summary>
/// Whole <c>server</c> lines come and go, each with the mark by which it is found again; taking one away leaves the file as it was.
/// </summary>
internal static class NginxMembersEdit
{
    private static readonly string[] s_patience = ["max_fails=", "fail_timeout="];

    /// <returns>Null = there is no such upstream.</returns>
    public static IReadOnlyList<(string Server, bool Added)>? Lines(IReadOnlyList<NginxFile> files, string pool)
    {
        var lines = NginxUpstreamEdit.ServerLines(files, pool).ToList();
        return lines.Count == 0 ? null : [.. lines.Select(l => (l.Words[1], IsOurs(NginxUpstreamEdit.FileOf(files, l), l)))];
    }

    /// <exception cref="FormatException">There is no place for it.</exception>
    public static IReadOnlyList<(NginxFile File, string Text)> Add(IReadOnlyList<NginxFile> files, NewServer server)
    {
        var lines = NginxUpstreamEdit.ServerLines(files, server.Name.Pool).ToList();
        if (lines.Any(l => l.Words[1] == server.Name.Server))
            return [];
        if (lines.Count == 0)
            throw new FormatException($"there is no upstream {server.Name.Pool}");
        // After the last of them, in whichever file that is.
        var (last, file) = (lines[^1], NginxUpstreamEdit.FileOf(files, lines[^1]));
        var (start, end) = LineOf(file, last);
        var rest = file.Text[last.Spans[^1].End..end].Trim();
        if (rest.Length > 0 && !rest.StartsWith('#'))
            throw new FormatException($"upstream {server.Name.Pool} is written on one line ({file.Path}): give each of its "
                + "servers a line of its own");
        var indent = file.Text[start..last.Spans[0].Start];
        if (indent.Trim().Length > 0)
            indent = "    ";
        // How often a server may fail before it is left out is the pool's matter: nginx's own defaults leave one out after a single
        // failure.
        var patience = lines.Where(l => !IsOurs(NginxUpstreamEdit.FileOf(files, l), l)).LastOrDefault()?.Words
            .Where(w => s_patience.Any(p => w.StartsWith(p, StringComparison.Ordinal))) ?? [];
        return [(file, $"{file.Text[..end]}\n{indent}{server.NginxLine([.. patience])}{file.Text[end..]}")];
    }

    /// <exception cref="FormatException">The line is not one of ours.</exception>
    public static IReadOnlyList<(NginxFile File, string Text)> Remove(IReadOnlyList<NginxFile> files, ServerName name)
    {
        var lines = NginxUpstreamEdit.ServerLines(files, name.Pool).Where(l => l.Words[1] == name.Server).ToList();
        if (lines.Count == 0)
            return [];
        var file = NginxUpstreamEdit.FileOf(files, lines[0]);
        if (lines.Count > 1 || !IsOurs(file, lines[0]))
            throw new FormatException($"the line \"server {name.Server}\" of upstream {name.Pool} was not written by lbctl, "
                + "and is not taken away by it");
        var (start, end) = LineOf(file, lines[0]);
        return [(file, file.Text[..(start - 1)] + file.Text[end..])];
    }

    /// <summary>Ours stands alone on its line, after another one.</summary>
    private static bool IsOurs(NginxFile file, NginxDirective line)
    {
        var (start, end) = LineOf(file, line);
        return start > 0 && file.Text[start..line.Spans[0].Start].Trim().Length == 0
            && file.Text[line.Spans[^1].End..end].Trim() == NewServer.Mark;
    }

    /// <summary>From after the line end before it to before its own.</summary>
    private static (int Start, int End) LineOf(NginxFile file, NginxDirective line)
    {
        var start = file.Text.LastIndexOf('\n', line.Spans[0].Start) + 1;
        var end = file.Text.IndexOf('\n', line.Spans[^1].End);
        return (start, end < 0 ? file.Text.Length : end);
    }
}
