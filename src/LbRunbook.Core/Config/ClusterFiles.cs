namespace LbRunbook.Core.Config;

/// <summary>A main file and <c>clusters/*.yaml</c> beside it, with the name that each gives its cluster.</summary>
internal static class ClusterFiles
{
    public static IReadOnlyList<ClusterFile> Beside(string mainFile)
    {
        var files = new List<ClusterFile>();
        if (File.Exists(mainFile)) files.Add(new ClusterFile(NameIn(mainFile), mainFile));
        var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(mainFile)) ?? "/", "clusters");
        files.AddRange(In(folder).Select(path => new ClusterFile(NameIn(path), path)));
        return files;
    }

    private static List<string> In(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder)
                .Where(path => Path.GetExtension(path) is ".yaml" or ".yml" && Path.GetFileName(path)[0] != '.')
                .Order(StringComparer.Ordinal)
                .ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No folder, or none for this user: then there are no further clusters.
            return [];
        }
    }

    // Problems are not reported here: the file that is chosen is loaded, and reported on, in full.
    private static string NameIn(string path)
    {
        var problems = new ProblemList(path);
        var root = ConfigFile.ReadText(path, problems) is { } text && ConfigFile.IsReadable(text, problems)
            ? YamlReader.Read(text, problems)
            : null;
        var name = (root as YamlMap)?.Entries.FirstOrDefault(e => e.Key.Text == "cluster")?.Value is YamlScalar { IsNull: false } scalar
            ? scalar.Text
            : null;
        return name ?? Path.GetFileNameWithoutExtension(path);
    }
}
