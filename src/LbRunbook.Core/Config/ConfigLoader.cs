namespace LbRunbook.Core.Config;

/// <summary>File or text → <see cref="ConfigResult"/>. Never throws for what is in the file, and contacts nothing.</summary>
internal static class ConfigLoader
{
    public static ConfigResult Load(string path)
    {
        var problems = new ProblemList(path);
        return ConfigFile.ReadText(path, problems) is { } text ? Parse(text, path) : Nothing(problems);
    }

    public static ConfigResult Parse(string text, string path)
    {
        var problems = new ProblemList(path);
        if (!ConfigFile.IsReadable(text, problems)) return Nothing(problems);
        var root = YamlReader.Read(text, problems);
        if (root is YamlMap map)
        {
            var fleet = FleetBinder.Bind(map, path, problems);
            return new ConfigResult(problems.HasErrors ? null : fleet, problems.InFileOrder());
        }
        if (root is null or YamlScalar { IsNull: true } && !problems.HasErrors)
            problems.Error(Position.Start, "the file is empty; it needs at least cluster:, environment: and nodes:");
        else if (root is not (null or YamlRefused))
            problems.Error(root.At, $"the file must be a mapping (cluster: …), not {Section.Kind(root)}");
        return Nothing(problems);
    }

    private static ConfigResult Nothing(ProblemList problems) => new(null, problems.InFileOrder());
}
