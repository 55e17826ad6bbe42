using System.Runtime.InteropServices;

namespace LbRunbook.Lab;

/// <summary>
/// All hosts are one user to the kernel, and a systemd that gets no inotify instance hangs at boot without a word to anybody outside.
/// Asking for them, all at once, is the only way to know: the kernel does not say how many are in use.
/// </summary>
internal static partial class LabInotify
{
    /// <summary>systemd, its journal, logind, dbus and udev have five to seven.</summary>
    private const int PerHost = 8;
    private const string Limit = "/proc/sys/fs/inotify/max_user_instances";

    public static void Require(int hosts)
    {
        if (HasFree(hosts * PerHost))
            return;
        var now = File.ReadAllText(Limit).Trim();
        throw new LabException(LabProblem.Refused,
            $"fs.inotify.max_user_instances is {now}, and too few are left for {hosts} more systemds; nothing was changed. Raise it "
                + "with:\n  sysctl -w fs.inotify.max_user_instances=1024", "lbctl lab list");
    }

    public static bool HasFree(int instances)
    {
        var taken = new List<int>(instances);
        try
        {
            while (taken.Count < instances && inotify_init1(0) is var descriptor and >= 0)
                taken.Add(descriptor);
            return taken.Count == instances;
        }
        finally
        {
            foreach (var descriptor in taken)
                _ = close(descriptor);
        }
    }

    [LibraryImport("libc")]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
