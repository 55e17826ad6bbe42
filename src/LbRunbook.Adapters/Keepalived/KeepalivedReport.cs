using System.Globalization;

namespace LbRunbook.Adapters.Keepalived;

/// <summary>One keepalived of a host, or the configuration of one that does not run.</summary>
internal sealed class KeepalivedDaemon
{
    /// <summary>The main process; empty = it does not run.</summary>
    public string Pid { get; init; } = "";

    /// <summary>The process that keeps it, where it is not its unit's; empty = its unit's.</summary>
    public string By { get; init; } = "";
    public string ConfigId { get; set; } = "";
    public string ConfigPath { get; set; } = "";

    /// <summary>Where its paths begin, as seen from the host; empty = where ours do.</summary>
    public string Root { get; set; } = "";
    public bool MayEdit { get; set; }
    public List<(int Pid, char State)> Processes { get; } = [];
    public List<KeepalivedFile> Files { get; } = [];
    public List<string> Unread { get; } = [];
    public Dictionary<string, (bool Writable, int? Value)> TrackFiles { get; } = [];

    public bool Runs => Processes.Count > 0;
    public bool Frozen => Processes.Any(p => p.State is 'T' or 't');
}

/// <summary>
/// The output of <c>keepalived.sh</c>, taken apart. Lines of files begin with a bar, so that no file can pose as the script.
/// </summary>
internal sealed class KeepalivedReport
{
    private List<string>? _lines;

    /// <summary>Empty = neither a process nor a configuration.</summary>
    public List<KeepalivedDaemon> Daemons { get; } = [];

    /// <summary>Processes of which this login may not know whether they are the host's or a container's.</summary>
    public List<string> Unseen { get; } = [];

    private KeepalivedDaemon Last
    {
        get
        {
            if (Daemons.Count == 0)
                Daemons.Add(new());
            return Daemons[^1];
        }
    }

    public static KeepalivedReport Parse(string output)
    {
        var report = new KeepalivedReport();
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith('|'))
                report._lines?.Add(line[1..]);
            else if (line.StartsWith("==", StringComparison.Ordinal) && line.Split(' ', 2) is [var mark, .. var rest])
                report.Mark(mark, rest is [var text] ? text : "");
        }
        report.Daemons.RemoveAll(d => !d.Runs && d.Files.Count == 0 && d.Unread.Count == 0);
        return report;
    }

    private void Mark(string mark, string text)
    {
        switch (mark)
        {
            case "==unseen==":
                Unseen.Add(text);
                break;
            case "==daemon==" when text.Split(' ', 2) is [var pid, .. var by]:
                Daemons.Add(new() { Pid = pid, By = by is [var name] ? name : "" });
                break;
            case "==id==":
                Last.ConfigId = text;
                break;
            case "==config==":
                Last.ConfigPath = text;
                break;
            case "==root==":
                Last.Root = text;
                break;
            case "==edit==":
                Last.MayEdit = true;
                break;
            case "==unread==":
                Last.Unread.Add(text);
                break;
            case "==process==" when text.Split(' ') is [var pid, _, [var state, ..]]
                && int.TryParse(pid, CultureInfo.InvariantCulture, out var number):
                Last.Processes.Add((number, state));
                break;
            case "==track==" when text.Split(' ', 3) is [var may, var value, var path]:
                Last.TrackFiles[path] = (may == "w",
                    int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null);
                break;
            case "==file==" when text.Split(' ', 2) is [var hash, var path]:
                _lines = [];
                // A file that two includes name is there twice; the first is enough.
                if (Last.Files.All(f => f.Path != path))
                    Last.Files.Add(new(path, _lines) { Sha256 = hash });
                break;
        }
    }
}
