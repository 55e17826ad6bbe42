using System.Globalization;
using LbRunbook.Core.Leases;

namespace LbRunbook.Adapters.Processes;

/// <summary>Which process this is, and whether another one is provably gone. A number alone proves nothing: it is used again.</summary>
internal static class LocalProcess
{
    /// <summary>
    /// This boot's process table: two machines have different ones, and so have two containers of one machine. Empty where there is no
    /// /proc.
    /// </summary>
    public static string Place() =>
        TryRead("/proc/sys/kernel/random/boot_id") is { Length: > 0 } boot && Link("/proc/self/ns/pid") is { } table
            ? $"{boot.Trim()} {table}"
            : "";

    /// <returns>0 when it cannot be known.</returns>
    public static long StartOf(int pid) => Stat(pid)?.Start ?? 0;

    /// <summary>True only when it is certain: the same process table, and no such process in it any more.</summary>
    public static bool IsGone(LeaseHolder holder)
    {
        if (!OperatingSystem.IsLinux() || holder.Place.Length == 0 || holder.Place != Place() || holder.Pid <= 0)
            return false;
        // What others run may be hidden in /proc, but a signal still finds it.
        if (!Signal.Exists(holder.Pid, out var mayNot) && !mayNot)
            return true;
        return Stat(holder.Pid) is { } now
            && (now.IsDead || (holder.ProcessStart > 0 && now.Start > 0 && now.Start != holder.ProcessStart));
    }

    /// <summary>True only when it is certain, too; neither means that nobody here can tell.</summary>
    public static bool IsAlive(LeaseHolder holder) =>
        OperatingSystem.IsLinux() && holder.Place.Length > 0 && holder.Place == Place() && !IsGone(holder);

    private static (bool IsDead, long Start)? Stat(int pid)
    {
        // The name before the last bracket may hold anything, spaces and brackets included.
        if (TryRead($"/proc/{pid}/stat") is not { } text || text.LastIndexOf(')') is var end && end < 0)
            return null;
        var fields = text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && long.TryParse(fields[19], CultureInfo.InvariantCulture, out var start)
            ? (fields[0] is "Z" or "X", start)
            : null;
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
