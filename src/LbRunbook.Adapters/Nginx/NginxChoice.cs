using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Nginx;

/// <summary>Which of the processes that were seen is the one that a node means. Pure.</summary>
internal static class NginxChoice
{
    private static readonly NginxOptions s_defaults = new();

    public static NginxDaemon Of(Node node, NginxProcesses seen)
    {
        var masters = seen.All.Where(p => p is { Kind: "master", Place: NginxPlace.Here }).ToList();
        var ours = masters.Where(m => IsConfigured(node, seen, m)).ToList();
        var byPid = masters.Find(m => m.Pid == seen.PidFile);
        // A path that somebody wrote down says which one is meant; the one that is taken when nobody did says little.
        var named = node.Nginx.Config != s_defaults.Config;
        var pidNamed = node.Nginx.PidFile != s_defaults.PidFile;
        var chosen = ours switch
        {
            [var only] when named || !pidNamed || byPid is null => only,
            [_, _, ..] => ours.Find(m => m == byPid),
            _ when byPid is not null && (pidNamed || !named) => byPid,
            _ => named || masters.Count > 1 ? null : masters.FirstOrDefault(),
        };
        return chosen is null ? None(node, seen, WhyNone(node, seen, named)) : Found(node, seen, chosen);
    }

    private static NginxDaemon Found(Node node, NginxProcesses seen, NginxProcess master)
    {
        var arguments = master.Arguments;
        var config = ConfigOf(seen, master) ?? node.Nginx.Config;
        var notes = new List<string>();
        if (!IsConfigured(node, seen, master))
            notes.Add($"nginx runs with {Printable.Line(config)} (pid {master.Pid}), not with {node.Nginx.Config}: that is what is read, "
                + "tested and changed");
        var relative = arguments is { Prefix: [not '/', ..] };
        // As the rules for sudo have it, where the daemon was started with nothing else.
        List<string> words = [.. Option("-p", arguments.Prefix),
            .. Option("-c", arguments.Config ?? (arguments.Prefix is null ? config : null)), .. Option("-g", arguments.Globals)];
        return new(master.Pid, master.Start, master.Executable, words, relative ? master.Directory : "", config, seen.PidFile, null, notes)
        {
            Build = seen.Builds.GetValueOrDefault(master.Executable),
            Arguments = arguments,
        };
    }

    private static NginxDaemon None(Node node, NginxProcesses seen, string? why) =>
        new(0, "", node.Nginx.Binary, ["-c", node.Nginx.Config], "", node.Nginx.Config, seen.PidFile, why, [])
        {
            Build = seen.Builds.GetValueOrDefault(node.Nginx.Binary),
        };

    private static string? WhyNone(Node node, NginxProcesses seen, bool named)
    {
        if (!seen.Whole)
            return "its processes could not be listed";
        // One that runs with another configuration than the one that was asked for is somebody else's.
        var maybe = seen.All.Where(p => p.Kind != "master" || !named || ConfigOf(seen, p) is null || IsConfigured(node, seen, p)).ToList();
        var here = maybe.Where(p => p.Place == NginxPlace.Here).ToList();
        if (here.Where(p => p.Kind == "master").ToList() is { Count: > 0 } masters)
            return "more than one master process may be it ("
                + string.Join(", ", masters.Select(m => $"pid {m.Pid} with {Printable.Line(ConfigOf(seen, m) ?? "what is not known")}"))
                + "): nginx.config or nginx.pidFile has to say which one";
        if (here.Where(p => p.Kind == "orphan").ToList() is { Count: > 0 } orphans)
            return $"its master process is gone, and its workers serve on with what they had ({Pids(orphans)}): no reload reaches them";
        if (here.Count > 0)
            return $"it runs without a master process ({Pids(here)}), which takes no reload without losing connections";
        if (maybe.Where(p => p.Kind == "master" && p.Place == NginxPlace.Container).ToList() is { Count: > 0 } contained)
            return $"it runs in a container ({Pids(contained)}), not on the machine itself: exec of this node has to say how to "
                + "get there ([docker, exec, NAME])";
        return maybe.Where(p => p.Kind == "master").ToList() is { Count: > 0 } others
            ? $"it runs in another network of this machine ({Pids(others)})"
            : null;
    }

    private static string Pids(List<NginxProcess> processes) =>
        $"pid {string.Join(", ", processes.Take(4).Select(p => p.Pid))}{(processes.Count > 4 ? ", …" : "")}";

    private static bool IsConfigured(Node node, NginxProcesses seen, NginxProcess master) =>
        ConfigOf(seen, master) is { } path && (path == node.Nginx.Config || path == seen.RealConfig);

    /// <returns>Null = it is relative to something that is not known.</returns>
    private static string? ConfigOf(NginxProcesses seen, NginxProcess master)
    {
        if (master.Arguments is { Config: ['/', ..] absolute })
            return absolute;
        var path = seen.Builds.GetValueOrDefault(master.Executable)?.ConfigOf(master.Arguments, master.Directory);
        return path is ['/', ..] ? path : null;
    }

    private static IEnumerable<string> Option(string letter, string? value) => value is null ? [] : [letter, value];
}
