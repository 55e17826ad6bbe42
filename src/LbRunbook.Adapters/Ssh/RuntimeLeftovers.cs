using System.Net.Sockets;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// What shared connections leave in the runtime directory: each its lock and its log, a killed one its sockets as well. Without this a
/// machine that talks to many hosts collects thousands, and every look into the directory gets slower.
/// </summary>
internal static class RuntimeLeftovers
{
    /// <summary>Far longer than a connection outlives its last user: nobody looks for the log of one that ended so long ago.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(10);

    /// <summary>One call, which somebody waits for, takes so many connections' leftovers away and leaves the rest to the next.</summary>
    private const int AtMost = 500;

    public static void Remove(string directory, DateTime now)
    {
        try
        {
            // "m-ID", "m-ID.log", "m-ID.lock" belong together; "f-ID" is a forwarded socket.
            var old = new DirectoryInfo(directory).EnumerateFiles()
                .Where(f => f.Name.StartsWith("m-", StringComparison.Ordinal) || f.Name.StartsWith("f-", StringComparison.Ordinal))
                .GroupBy(f => f.Name.Split('.')[0])
                .Where(g => g.All(f => now - f.LastWriteTimeUtc > Old))
                .Take(AtMost);
            foreach (var group in old)
                if (!Listens(Path.Combine(directory, group.Key)))
                    Delete(Path.Combine(directory, group.Key), group);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is tidier without them, and works with them.
        }
    }

    private static void Delete(string stem, IEnumerable<FileInfo> files)
    {
        // Who holds the lock is about to make the connection anew.
        using var alone = File.Exists(stem + ".lock") ? TryLock(stem + ".lock") : null;
        if (alone is null && File.Exists(stem + ".lock"))
            return;
        foreach (var file in files)
            file.Delete();
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Only a refusal proves that nobody is there: a stopped process still accepts, and one that is busy lets us wait.</summary>
    private static bool Listens(string path)
    {
        if (!File.Exists(path))
            return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }
}
