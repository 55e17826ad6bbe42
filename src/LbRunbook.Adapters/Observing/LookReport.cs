namespace LbRunbook.Adapters.Observing;

/// <summary>The output of <c>look.sh</c>, taken apart. Check results arrive whenever they are ready, between any two lines.</summary>
internal sealed class LookReport
{
    private const string SectionMarker = "==lbctl== ";
    private const string CheckMarker = "==check== ";
    private readonly Dictionary<string, List<string>> _sections = [];

    public List<string> Checks { get; } = [];

    /// <summary>The script ran to its end (the quick one ends after its last section).</summary>
    public bool Complete => _sections.ContainsKey("end");

    public static LookReport Parse(string output)
    {
        var report = new LookReport();
        List<string>? current = null;
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith(SectionMarker, StringComparison.Ordinal))
                report._sections[line[SectionMarker.Length..].Trim()] = current = [];
            else if (line.StartsWith(CheckMarker, StringComparison.Ordinal))
                report.Checks.Add(line[CheckMarker.Length..]);
            else
                current?.Add(line);
        }
        return report;
    }

    /// <summary>Lines without the empty ones; null = the node did not say.</summary>
    public IReadOnlyList<string>? Lines(string section) => _sections.GetValueOrDefault(section)?.Where(l => l.Length > 0).ToList();
    public string? Text(string section) => _sections.GetValueOrDefault(section) is { } lines ? string.Join('\n', lines) : null;
}
