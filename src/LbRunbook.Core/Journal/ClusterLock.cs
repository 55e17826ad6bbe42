namespace LbRunbook.Core.Journal;

/// <summary>
/// One mutation per cluster at a time on this machine. The kernel lets go of it when the process dies, however it dies.
/// </summary>
public sealed class ClusterLock : IDisposable
{
    private readonly FileStream? _file;
    private readonly string _label;

    private ClusterLock(FileStream? file, string label)
    {
        _file = file;
        _label = label;
    }

    /// <summary>Set when somebody else has it: who, as they wrote it.</summary>
    public string? HeldBy { get; private init; }

    /// <param name="paths">Where.</param>
    /// <param name="cluster">Which; a valid name.</param>
    /// <param name="holder">Who we are, for the one who finds us.</param>
    /// <param name="warn">A lock file that cannot be made (full disk) warns and does not stop the work.</param>
    public static ClusterLock Take(StatePaths paths, string cluster, string holder, Action<string> warn)
    {
        var path = Path.Combine(paths.Locks, cluster + ".lock");
        // A file of its own: the locked one cannot be read by others.
        var label = Path.Combine(paths.Locks, cluster + ".holder");
        FileStream file;
        try
        {
            StatePaths.CreatePrivate(paths.Root);
            StatePaths.CreatePrivate(paths.Locks);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            return new(null, label) { HeldBy = ReadHolder(label) is { Length: > 0 } other ? other : "another lbctl that is just starting" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"no lock on this machine ({e.Message}): make sure that nobody else works on {cluster}");
            return new(null, label);
        }
        WriteHolder(label, holder);
        return new(file, label);
    }

    public void Dispose()
    {
        if (_file is null)
            return;
        WriteHolder(_label, "");
        _file.Dispose();
    }

    /// <summary>EWOULDBLOCK of flock(2); a sharing violation on Windows.</summary>
    private static bool IsHeldByAnother(IOException e) => e.HResult is 11 or unchecked((int)0x80070020);

    private static void WriteHolder(string label, string holder)
    {
        try
        {
            File.WriteAllText(label, holder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The lock holds without its label.
        }
    }

    private static string? ReadHolder(string label)
    {
        try
        {
            return File.ReadAllText(label);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
