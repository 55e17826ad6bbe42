using LbRunbook.Core.Files;
using LbRunbook.Core.Leases;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Engine.Claims;

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

    /// <summary>Somebody else has it.</summary>
    public bool IsOthers { get; private init; }

    /// <summary>Who; null when they have not yet written it down.</summary>
    public LeaseHolder? HeldBy { get; private init; }

    /// <param name="cluster">Which; a valid name.</param>
    /// <param name="holder">Who we are, for the one who finds us.</param>
    /// <param name="warn">A lock file that cannot be made (full disk) warns and does not stop the work.</param>
    public static ClusterLock Take(StatePaths paths, string cluster, LeaseHolder holder, Action<string> warn)
    {
        var path = Path.Combine(paths.Locks, cluster + ".lock");
        var label = LabelOf(paths, cluster);
        FileStream file;
        try
        {
            StatePaths.CreatePrivate(paths.Root);
            StatePaths.CreatePrivate(paths.Locks);
            RegularFile.Demand(path);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            return new(null, label) { IsOthers = true, HeldBy = ReadHolder(label) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"no lock on this machine ({e.Message}): make sure that nobody else works on {cluster}");
            return new(null, label);
        }
        WriteHolder(label, LeaseText.Write(holder));
        return new(file, label);
    }

    /// <summary>
    /// Who wrote that they have it, without taking it: even a moment of that would refuse somebody who comes meanwhile. They may be dead.
    /// </summary>
    public static LeaseHolder? LastHolder(StatePaths paths, string cluster) => ReadHolder(LabelOf(paths, cluster));

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
            RegularFile.Demand(label);
            File.WriteAllText(label, holder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The lock holds without its label.
        }
    }

    /// <summary>A file of its own: the locked one cannot be read by others.</summary>
    private static string LabelOf(StatePaths paths, string cluster) => Path.Combine(paths.Locks, cluster + ".holder");

    private static LeaseHolder? ReadHolder(string label)
    {
        try
        {
            RegularFile.Demand(label);
            return LeaseText.Read(File.ReadAllText(label));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
