namespace LbRunbook.Adapters.Processes;

/// <summary>
/// Children run in a session of their own: a Ctrl-C at the terminal goes to every process of the foreground group, and it must not
/// cut off the ssh that is just doing the step which lbctl wants to finish.
/// </summary>
internal static class OwnSession
{
    /// <summary>util-linux; it execs the program in place, so the process id stays the child's.</summary>
    private static readonly string? Setsid = OperatingSystem.IsLinux()
        ? Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists)
        : null;

    /// <returns>The program to start and the arguments that come first. A program that does not exist is left to fail by its own name.</returns>
    public static (string Program, IReadOnlyList<string> First) Wrap(string fileName) =>
        Setsid is not null && Resolves(fileName) ? (Setsid, [fileName]) : (fileName, []);

    private static bool Resolves(string fileName)
    {
        if (fileName.Contains('/', StringComparison.Ordinal))
            return File.Exists(fileName);
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(':', StringSplitOptions.RemoveEmptyEntries).Any(d => File.Exists(Path.Combine(d, fileName)));
    }
}
