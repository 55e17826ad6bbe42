using System.Diagnostics;

namespace LbRunbook.Adapters.Processes;

/// <summary>
/// Children run in a session of their own: a Ctrl-C at the terminal goes to every process of the foreground group, and it must not
/// cut off the ssh that is just doing the step which lbctl wants to finish.
/// </summary>
/// <remarks>
/// Until its session is made a child is in our group, on a busy machine for many milliseconds. So it begins with INT held back, which
/// it keeps: TERM is what ends it.
/// </remarks>
internal static class OwnSession
{
    /// <summary>util-linux; it execs the program in place, so the process id stays the child's.</summary>
    private static readonly string? Setsid = OperatingSystem.IsLinux()
        ? Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists)
        : null;

    /// <summary>A program that does not exist is left to fail by its own name.</summary>
    public static Process? Start(ProcessStartInfo start)
    {
        if (Setsid is null || !Resolves(start.FileName))
            return Process.Start(start);
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = Setsid;
        using (SignalMask.WithoutInterrupt())
            return Process.Start(start);
    }

    private static bool Resolves(string fileName)
    {
        if (fileName.Contains('/', StringComparison.Ordinal))
            return File.Exists(fileName);
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries).Any(d => File.Exists(Path.Combine(d, fileName)));
    }
}
