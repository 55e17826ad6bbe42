using System.Globalization;

namespace LbRunbook.Adapters.Nginx;

/// <summary>Where a process is: only <c>Here</c> can it be told anything from the machine's own root.</summary>
internal enum NginxPlace
{
    Here,
    Container,
    OtherNetwork,
}

/// <param name="Kind">"master"; "orphan" = a worker whose master is gone; "single" = one without a master process.</param>
/// <param name="Start">When it began, in the kernel's ticks: with the pid it names one process and never another.</param>
/// <param name="Executable">The configured binary, or the file where it is another one.</param>
/// <param name="Directory">Where it was started; empty = this login may not know.</param>
internal sealed record NginxProcess(
    string Kind, int Pid, string Start, NginxPlace Place, string Executable, string Directory, NginxArguments Arguments);

/// <summary>What <c>Scripts/nginx-find.sh</c> saw.</summary>
/// <param name="PidFile">What the configured pid file says; null = no pid.</param>
/// <param name="RealConfig">The configured configuration without its links; null = it is not there.</param>
/// <param name="Builds">By executable.</param>
/// <param name="Whole">The script came to its end.</param>
internal sealed record NginxProcesses(
    IReadOnlyList<NginxProcess> All, int? PidFile, string? RealConfig, IReadOnlyDictionary<string, NginxBuild> Builds, bool Whole)
{
    public const string End = "found";

    public static NginxProcesses Parse(string output)
    {
        var all = new List<NginxProcess>();
        var builds = new Dictionary<string, NginxBuild>();
        int? pidFile = null;
        string? config = null;
        var whole = false;
        var lines = output.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            switch (lines[i].Split('\t'))
            {
                case ["process", var kind, var pid, var start, var place, var binary, var directory, ..] words when Number(pid) is { } id:
                    all.Add(new(kind, id, start, PlaceOf(place), binary, directory,
                        NginxArguments.Of(words.Length > 7 ? string.Join('\t', words[7..]) : "")));
                    break;
                case ["pidfile", var text]:
                    pidFile = Number(text.Trim());
                    break;
                case ["config", { Length: > 0 } path]:
                    config = path;
                    break;
                case ["build", var executable]:
                    var said = lines.Skip(i + 1).TakeWhile(l => !l.StartsWith("build\t", StringComparison.Ordinal) && l != End);
                    builds.TryAdd(executable, NginxBuild.Parse(string.Join('\n', said)));
                    break;
                case [End]:
                    whole = true;
                    break;
            }
        }
        return new(all, pidFile, config, builds, whole);
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static NginxPlace PlaceOf(string word) => word switch
    {
        "here" => NginxPlace.Here,
        "network" => NginxPlace.OtherNetwork,
        _ => NginxPlace.Container,
    };
}
