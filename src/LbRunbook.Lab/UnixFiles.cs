namespace LbRunbook.Lab;

/// <summary>Modes of files. A lab never gets this far on Windows (<see cref="LabPreflight"/>), but the compiler wants to see it.</summary>
internal static class UnixFiles
{
    public static void CreateDirectory(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        Directory.CreateDirectory(path, mode);
    }

    public static void SetMode(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        File.SetUnixFileMode(path, mode);
    }
}
