using System.IO.Enumeration;

namespace LbRunbook.Adapters.Nginx;

/// <summary>A file of a configuration.</summary>
internal sealed record NginxFile(string Path, string Text, IReadOnlyList<NginxDirective> Directives);

/// <summary>
/// What <c>nginx -T</c> prints: each file once, one after the other, with its includes still in it. A server line may stand
/// in a file that an upstream block includes, so the includes are put in place here.
/// </summary>
internal static class NginxDump
{
    private const string Heading = "# configuration file ";

    /// <summary>nginx itself refuses cyclic includes; text that only looks like a dump may have them.</summary>
    private const int MaximumDepth = 16;
    private const int MaximumIncludes = 10_000;

    public static IReadOnlyList<NginxDirective> Parse(string text) => Parse(Files(text));

    public static IReadOnlyList<NginxDirective> Parse(IReadOnlyList<NginxFile> files)
    {
        if (files.Count == 0)
            return [];
        var folder = Folder(files[0].Path);
        var left = MaximumIncludes;
        return Expand(files[0].Directives, files, folder, 0, ref left);
    }

    /// <returns>Null = the configuration does not say.</returns>
    public static string? PidFile(IReadOnlyList<NginxDirective> configuration) =>
        configuration.FirstOrDefault(d => d is { Name: "pid", Words.Count: 2 })?.Words[1];

    /// <summary>The files that make up the configuration, the main one first, each with the text that it has on disk.</summary>
    public static IReadOnlyList<NginxFile> Files(string text)
    {
        var files = new List<NginxFile>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length;)
        {
            var start = i++;
            while (i < lines.Length && !IsHeading(lines[i]))
                i++;
            if (IsHeading(lines[start]))
            {
                // nginx prints the file and one line end more.
                var content = string.Join('\n', lines[(start + 1)..(i == lines.Length && i > start + 2 ? i - 1 : i)]);
                files.Add(new(lines[start][Heading.Length..^1], content, NginxConfig.Parse(content)));
            }
        }
        return files;
    }

    private static bool IsHeading(string line) =>
        line.StartsWith(Heading, StringComparison.Ordinal) && line.EndsWith(':') && line.Length > Heading.Length;

    private static List<NginxDirective> Expand(
        IReadOnlyList<NginxDirective> directives,
        IReadOnlyList<NginxFile> files, string folder, int depth, ref int left)
    {
        var result = new List<NginxDirective>();
        foreach (var directive in directives)
        {
            if (directive is not { Name: "include", Words.Count: 2 })
                result.Add(directive with { Children = Expand(directive.Children, files, folder, depth, ref left) });
            else if (depth < MaximumDepth)
            {
                var pattern = directive.Words[1].StartsWith('/') ? directive.Words[1] : $"{folder}/{directive.Words[1]}";
                foreach (var file in files.Where(f => Matches(pattern, f.Path)))
                {
                    if (left-- > 0)
                        result.AddRange(Expand(file.Directives, files, folder, depth + 1, ref left));
                }
            }
        }
        return result;
    }

    /// <summary>As glob(3): a star does not cross a slash.</summary>
    private static bool Matches(string pattern, string path)
    {
        var patterns = pattern.Split('/');
        var names = path.Split('/');
        return patterns.Length == names.Length
            && patterns.Zip(names)
            .All(p => p.First == p.Second || FileSystemName.MatchesSimpleExpression(p.First, p.Second, ignoreCase: false));
    }

    private static string Folder(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";
}
