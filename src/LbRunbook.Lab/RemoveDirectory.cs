using System.Runtime.InteropServices;

namespace LbRunbook.Lab;

/// <summary>rmdir(2), for directories of the kernel's that are removed with their files in them.</summary>
internal static partial class RemoveDirectory
{
    private const int NoSuchFile = 2;

    public static bool Empty(string path) => rmdir(path) == 0 || Marshal.GetLastPInvokeError() == NoSuchFile;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rmdir(string path);
}
