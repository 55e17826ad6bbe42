using System.Globalization;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Observing;

/// <summary>/proc and df as numbers.</summary>
internal static class ResourceReader
{
    public static HostResources? Read(LookReport report)
    {
        if (report.Lines("memory") is not { } memory || report.Lines("load") is not { Count: > 0 } load)
            return null;
        var (total, available) = (Kilobytes(memory, "MemTotal:"), Kilobytes(memory, "MemAvailable:"));
        var (disk, mount) = Fullest(report.Lines("disks") ?? []);
        var cpu = report.Lines("cpu") ?? [];
        return new(
            cpu.Count >= 3 ? Busy(cpu[0], cpu[2]) : null,
            total > 0 ? 100 * (1 - (available / total)) : 0,
            disk,
            mount,
            Number(load[0].Split(' ')[0]),
            cpu.Count >= 2 && int.TryParse(cpu[1], out var cpus) ? cpus : 1);
    }

    /// <summary>user nice system idle iowait irq softirq steal: busy is what is neither idle nor waiting for a disk.</summary>
    internal static double? Busy(string before, string after)
    {
        var (a, b) = (Ticks(before), Ticks(after));
        if (a.Length < 5 || b.Length < 5)
            return null;
        var total = b.Take(8).Sum() - a.Take(8).Sum();
        var idle = b[3] + b[4] - a[3] - a[4];
        return total <= 0 ? null : Math.Clamp(100 * (1 - (idle / total)), 0, 100);
    }

    /// <summary>The fullest file system that can really run full: no memory, image or kernel file systems.</summary>
    internal static (double Percent, string Mount) Fullest(IReadOnlyList<string> df)
    {
        var fullest = (Percent: 0.0, Mount: "/");
        foreach (var line in df.Skip(1))
        {
            var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 6 && IsReal(fields[0], fields[5].Trim()) && Number(fields[4].TrimEnd('%')) is var percent
                && percent > fullest.Percent)
                fullest = (percent, fields[5].Trim());
        }
        return fullest;
    }

    private static bool IsReal(string device, string mount) =>
        mount == "/" || device.StartsWith("/dev/", StringComparison.Ordinal) && !device.StartsWith("/dev/loop", StringComparison.Ordinal);

    private static double[] Ticks(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Number)];

    private static double Kilobytes(IReadOnlyList<string> lines, string name) =>
        lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? Number(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) : 0;

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
