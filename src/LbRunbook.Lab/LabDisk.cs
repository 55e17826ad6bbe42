namespace LbRunbook.Lab;

/// <summary>Each host's file system: the machine's own root, read only, under a layer of the host's own. Nothing to download.</summary>
internal sealed class LabDisk(LabPaths paths)
{
    /// <summary>A host writes less than 1 MB; what a test or a curious human adds must not take the machine's memory.</summary>
    private const string Size = "256m";
    private const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;

    public async Task AddHostAsync(LabHost host, CancellationToken cancellation)
    {
        var disk = paths.HostDisk(host.Name);
        Directory.CreateDirectory(disk);
        await LabCommands.RunAsync($"making the disk of {host.Name}",
            ["mount", "-t", "tmpfs", "-o", $"size={Size},mode=0700", "lbctl-lab", disk], cancellation);
        // The upper directory's mode becomes that of the host's "/".
        UnixFiles.CreateDirectory(paths.Upper(host.Name), Everybody);
        Directory.CreateDirectory(paths.Work(host.Name));
        Directory.CreateDirectory(paths.Root(host.Name));
        // A whiteout, made while it costs nothing: root's home may hold hundreds of thousands of files (package caches), and
        // hiding them by deleting them one by one takes most of a minute.
        await LabCommands.RunAsync($"hiding /root of {host.Name}", ["mknod", $"{paths.Upper(host.Name)}/root", "c", "0", "0"],
            cancellation);
        await LabCommands.RunAsync($"making the file system of {host.Name}",
            ["mount", "-t", "overlay", "-o", $"lowerdir=/,upperdir={paths.Upper(host.Name)},workdir={paths.Work(host.Name)}", "lbctl-lab",
                paths.Root(host.Name)], cancellation);
    }

    /// <summary>Mounts below the lab's directory: innermost first, and a host's root before the disk that it is on.</summary>
    public IReadOnlyList<string> Mounts() =>
        [.. File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' ')[4])
            .Where(point => point.StartsWith(paths.Directory + "/", StringComparison.Ordinal))
            .OrderBy(point => point.StartsWith(paths.Disk + "/", StringComparison.Ordinal))
            .ThenByDescending(point => point.Length)];

    /// <exception cref="LabException">Something still uses one of them.</exception>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        foreach (var mount in Mounts())
        {
            var last = "";
            var gone = await Poll.UntilAsync(TimeSpan.FromSeconds(5), async () =>
            {
                var result = await LabCommands.TryAsync(["umount", mount], cancellation);
                last = result.Error.Trim();
                return result.Ok;
            }, cancellation);
            if (!gone)
                throw new LabException(LabProblem.LeftBehind, $"{mount} is still mounted: {last}");
        }
    }
}
