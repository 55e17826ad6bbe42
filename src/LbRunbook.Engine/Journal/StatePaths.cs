namespace LbRunbook.Engine.Journal;

/// <summary>
/// Where runs and locks are kept: <c>$XDG_STATE_HOME/lbctl</c>, <c>/var/lib/lbctl</c> for root, <c>~/.local/state/lbctl</c> otherwise
/// (<c>%LocalAppData%\lbctl</c> on Windows).
/// </summary>
public sealed record StatePaths(string Root)
{
    public string Runs => Path.Combine(Root, "runs");
    public string Locks => Path.Combine(Root, "locks");
    public string Circuits => Path.Combine(Root, "circuits");
    public string History => Path.Combine(Root, "history");
    public string Log => Path.Combine(Root, "lbctl.log");

    public string RunFile(string runId) => Path.Combine(Runs, runId + ".jsonl");

    /// <summary>Names are the operator's: a slash in one must not lead elsewhere.</summary>
    public string HistoryFile(string cluster) => Path.Combine(History, Uri.EscapeDataString(cluster) + ".jsonl");

    public static StatePaths Of(Func<string, string?> environment, bool isRoot, string home)
    {
        if (environment("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state))
            return new(Path.Combine(state, "lbctl"));
        if (OperatingSystem.IsWindows())
            return new(Path.Combine(environment("LOCALAPPDATA") ?? home, "lbctl"));
        return new(isRoot ? "/var/lib/lbctl" : Path.Combine(home, ".local", "state", "lbctl"));
    }

    /// <summary>Readable by the owner alone: plans name hosts and addresses.</summary>
    /// <exception cref="IOException">The disk is full or read-only.</exception>
    /// <exception cref="UnauthorizedAccessException">Not ours.</exception>
    public static void CreatePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
