using System.Globalization;

namespace LbRunbook.Adapters.Keepalived;

/// <summary>
/// The output of <c>keepalived.sh</c>, taken apart. Lines of files begin with a bar, so that no file can pose as the script.
/// </summary>
internal sealed class KeepalivedReport
{
    public string ConfigId { get; private set; } = "";
    public string ConfigPath { get; private set; } = "";
    public bool MayEdit { get; private set; }
    public List<(int Pid, char State)> Processes { get; } = [];
    public List<KeepalivedFile> Files { get; } = [];
    public List<string> Unread { get; } = [];
    public Dictionary<string, (bool Writable, int? Value)> TrackFiles { get; } = [];

    public static KeepalivedReport Parse(string output)
    {
        var report = new KeepalivedReport();
        List<string>? lines = null;
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith('|'))
                lines?.Add(line[1..]);
            else if (line.StartsWith("==", StringComparison.Ordinal) && line.Split(' ', 2) is [var mark, .. var rest])
                lines = report.Mark(mark, rest is [var text] ? text : "") ?? lines;
        }
        return report;
    }

    /// <returns>Where the lines go that follow.</returns>
    private List<string>? Mark(string mark, string text)
    {
        switch (mark)
        {
            case "==id==":
                ConfigId = text;
                break;
            case "==config==":
                ConfigPath = text;
                break;
            case "==edit==":
                MayEdit = true;
                break;
            case "==unread==":
                Unread.Add(text);
                break;
            case "==process==" when text.Split(' ') is [var pid, _, [var state, ..]]
                && int.TryParse(pid, CultureInfo.InvariantCulture, out var number):
                Processes.Add((number, state));
                break;
            case "==track==" when text.Split(' ', 3) is [var may, var value, var path]:
                TrackFiles[path] = (may == "w",
                    int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null);
                break;
            case "==file==" when text.Split(' ', 2) is [var hash, var path]:
                var lines = new List<string>();
                // A file that two includes name is there twice; the first is enough.
                if (Files.All(f => f.Path != path))
                    Files.Add(new(path, lines) { Sha256 = hash });
                return lines;
        }
        return null;
    }
}
