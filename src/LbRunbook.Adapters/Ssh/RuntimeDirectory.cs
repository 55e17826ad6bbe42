using System.Runtime.InteropServices;

namespace LbRunbook.Adapters.Ssh;

/// <summary>Where control sockets live. Whoever can write there can take over every login, so it is ours alone or not used.</summary>
internal static partial class RuntimeDirectory
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// <c>$XDG_RUNTIME_DIR/lbctl</c>, <c>/run/lbctl</c> for root, else a directory of this user in <c>/tmp</c> (cron has no
    /// XDG_RUNTIME_DIR).
    /// </summary>
    public static string Default()
    {
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
            return "/run/lbctl";
        return Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime
            ? Path.Combine(runtime, "lbctl")
            : Path.Combine(Path.GetTempPath(), "lbctl-" + Environment.UserName);
    }

    /// <summary>
    /// Makes it with mode 0700 where it is missing. False = it cannot be trusted or made, and connections are not shared.
    /// </summary>
    public static bool TryPrepare(string path)
    {
        if (OperatingSystem.IsWindows())
            return false;
        try
        {
            Directory.CreateDirectory(path, Private);
            if (new DirectoryInfo(path).LinkTarget is not null || Owner(path) is { } owner && owner != geteuid())
                return false;
            if (File.GetUnixFileMode(path) != Private)
                File.SetUnixFileMode(path, Private);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>null where the kernel has no statx; only the owner can change the mode, which is checked as well.</summary>
    private static unsafe uint? Owner(string path)
    {
        const int currentDirectory = -100, noFollow = 0x100, ownerWanted = 0x8, ownerOffset = 20;
        var buffer = stackalloc byte[256];
        try
        {
            return statx(currentDirectory, path, noFollow, ownerWanted, buffer) == 0 ? *(uint*)(buffer + ownerOffset) : uint.MaxValue;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int directory, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
