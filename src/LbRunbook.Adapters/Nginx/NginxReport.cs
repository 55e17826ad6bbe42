namespace LbRunbook.Adapters.Nginx;

/// <summary>Output of <see cref="NginxScript"/> cut at its markers.</summary>
internal sealed record NginxReport(
    IReadOnlyDictionary<string, string> Sections, string Configuration, int? ConfigurationExit, string ConfigurationError)
{
    private const string Begin = $"\n{NginxScript.Marker}configuration\n";
    private const string End = $"\n{NginxScript.Marker}configuration-end ";

    public string this[string section] => Sections.GetValueOrDefault(section, "");

    /// <summary>The script reached its last line.</summary>
    public bool Complete => ConfigurationExit is not null;

    public static NginxReport Parse(string output)
    {
        output = "\n" + output.ReplaceLineEndings("\n");
        var begin = output.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : output.LastIndexOf(End, StringComparison.Ordinal);
        var head = begin < 0 ? output : output[..begin];
        var sections = new Dictionary<string, string>();
        foreach (var part in head.Split("\n" + NginxScript.Marker).Skip(1))
        {
            var line = part.Split('\n', 2);
            sections.TryAdd(line[0].Trim(), line.Length > 1 ? line[1].Trim() : "");
        }
        if (end < begin + Begin.Length - 1 || begin < 0)
            return new(sections, "", null, "");
        var configuration = end > begin + Begin.Length ? output[(begin + Begin.Length)..end] : "";
        var tail = output[(end + End.Length)..].Split('\n', 2);
        return new(sections, configuration, int.TryParse(tail[0], out var exit) ? exit : null, tail.Length > 1 ? tail[1].Trim() : "");
    }
}
