using System.Globalization;
using LbRunbook.Adapters.Processes;

namespace LbRunbook.Lab;

/// <summary>
/// Finds the processes of a lab from the outside: by control group, by network namespace, and nspawn itself by its exact directory.
/// </summary>
internal static class LabProcesses
{
    /// <param name="objectName">The host's name with the lab's prefix.</param>
    /// <param name="root">The host's root directory.</param>
    public static async Task<IReadOnlyList<int>> OfHostAsync(string objectName, string root, CancellationToken cancellation)
    {
        var found = InCgroup(objectName).Concat(StartedOn(root)).ToHashSet();
        if (File.Exists($"{LabPaths.NetworkNamespaces}/{objectName}"))
        {
            var result = await LabCommands.TryAsync(["ip", "netns", "pids", objectName], cancellation);
            found.UnionWith(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(p => int.Parse(p, CultureInfo.InvariantCulture)));
        }
        return [.. found.Where(p => StateOf(p) is not (null or 'Z'))];
    }

    /// <summary>The first process inside the host (its systemd or sshd): the door for nsenter.</summary>
    public static int? LeaderOf(string objectName) => InCgroup(objectName)
        // One that was killed stays a zombie for a moment, while its successor runs already.
        .Where(p => StateOf(p) is not (null or 'Z') && (NamespacePid(p) == 1 || (NamespacePid(p) == 2 && NameOf(p) == "sshd")))
        .Select(p => (int?)p).FirstOrDefault();

    public static IEnumerable<int> InCgroup(string objectName) =>
        All().Where(p => Read(p, "cgroup").Split('\n').Any(l => l.Split('/').Contains(objectName)));

    public static IEnumerable<int> Named(string objectName, string name) => InCgroup(objectName).Where(p => NameOf(p) == name);

    public static string NameOf(int pid) => Read(pid, "comm").TrimEnd('\n');

    /// <summary>R, S, D, T (stopped), Z…; null when it is gone.</summary>
    public static char? StateOf(int pid)
    {
        var stat = Read(pid, "stat");
        var end = stat.LastIndexOf(')');
        return end < 0 || end + 2 >= stat.Length ? null : stat[end + 2];
    }

    /// <summary>KILL until none is left; the frozen are thawed first, since the old freezer keeps even KILL waiting.</summary>
    public static async Task EndAsync(string objectName, string root, CancellationToken cancellation)
    {
        IReadOnlyList<int> left = [];
        var ended = await Poll.UntilAsync(TimeSpan.FromSeconds(10), async () =>
        {
            new LabCgroups(objectName).SetFrozen(false);
            left = await OfHostAsync(objectName, root, cancellation);
            foreach (var pid in left)
                Signal.Send(pid, Signal.Kill);
            return left.Count == 0;
        }, cancellation);
        if (!ended)
            throw new LabException(LabProblem.LeftBehind, $"processes {string.Join(", ", left)} of {objectName} do not end");
    }

    private static IEnumerable<int> StartedOn(string root) =>
        All().Where(p => Read(p, "cmdline").Split('\0') is var words && words[0].EndsWith("systemd-nspawn", StringComparison.Ordinal)
            && words.Contains(root));

    private static int NamespacePid(int pid)
    {
        var line = Read(pid, "status").Split('\n').FirstOrDefault(l => l.StartsWith("NSpid:", StringComparison.Ordinal));
        var pids = line?.Split('\t', StringSplitOptions.RemoveEmptyEntries);
        // Two pids: ours and the host's. The supervisor, which stays outside, has one.
        return pids is { Length: > 2 } ? int.Parse(pids[^1], CultureInfo.InvariantCulture) : 0;
    }

    private static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                ? pid
                : 0).Where(p => p > 0);

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
