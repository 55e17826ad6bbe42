using System.Globalization;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>A HAProxy that is nobody's worker: a master, or one that serves by itself.</summary>
/// <param name="Start">When it began, in the kernel's ticks.</param>
/// <param name="Here">On the machine itself; else in a container or another network.</param>
/// <param name="Executable">Empty = the configured binary.</param>
/// <param name="Directory">Where it was started; empty = this login may not know.</param>
/// <param name="Workers">Their pids, those of earlier configurations included.</param>
internal sealed record HaproxyProcess(
    int Pid, string Start, bool Here, string Executable, string Directory, HaproxyWords Words, IReadOnlyList<int> Workers);

/// <summary>What <c>Scripts/haproxy-find.sh</c> saw.</summary>
/// <param name="Whole">It came to its end.</param>
internal sealed record HaproxyProcesses(IReadOnlyList<HaproxyProcess> All, bool Whole)
{
    public static readonly HaproxyProcesses NotSeen = new([], false);

    public static HaproxyProcesses Parse(string output)
    {
        var found = new List<(string[] Fields, List<string> Words)>();
        var workers = new List<(int Pid, int Parent)>();
        var whole = false;
        foreach (var line in output.ReplaceLineEndings("\n").Split('\n'))
        {
            switch (line.Split('\t'))
            {
                case ["process", _, _, _, _, _, _] fields:
                    found.Add((fields, []));
                    break;
                case ["word", ..] when found.Count > 0:
                    found[^1].Words.Add(line["word\t".Length..]);
                    break;
                case ["worker", var pid, var parent]:
                    workers.Add((Number(pid), Number(parent)));
                    break;
                case ["found"]:
                    whole = true;
                    break;
            }
        }
        return new([.. found.Select(p => Of(p.Fields, p.Words, workers)).Where(p => p.Pid > 0)], whole);
    }

    private static HaproxyProcess Of(string[] fields, List<string> words, List<(int Pid, int Parent)> workers)
    {
        var pid = Number(fields[1]);
        return new(pid, fields[3], fields[4] == "here", fields[5], fields[6], HaproxyWords.Of(words, fields[6]),
            [.. workers.Where(w => w.Parent == pid && w.Pid > 0).Select(w => w.Pid)]);
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
