namespace LbRunbook.Lab;

/// <summary>
/// One control group per host in every hierarchy that systemd or the freezer uses. Without one of its own, every host's systemd
/// would manage the same groups as its neighbour's, and none would ever see a service end.
/// </summary>
internal sealed class LabCgroups(string objectName)
{
    private const string Mount = "/sys/fs/cgroup";
    private static readonly string[] s_hierarchies = File.Exists($"{Mount}/cgroup.controllers")
        ? [Mount]
        : [$"{Mount}/systemd", $"{Mount}/unified", $"{Mount}/freezer"];

    public static IEnumerable<string> Hierarchies => s_hierarchies.Where(Directory.Exists);

    /// <summary>The group's directories; a process joins by writing its pid into <c>cgroup.procs</c> of each.</summary>
    public IReadOnlyList<string> Directories => [.. Hierarchies.Select(h => $"{h}/{objectName}")];

    public void Create()
    {
        foreach (var directory in Directories)
            Directory.CreateDirectory(directory);
    }

    /// <summary>Does nothing when there is no group (any more).</summary>
    public void SetFrozen(bool frozen)
    {
        if (Directories.FirstOrDefault(Directory.Exists) is null)
            return;
        if (FreezerFile("freezer.state") is { } old)
            File.WriteAllText(old, frozen ? "FROZEN" : "THAWED");
        else if (FreezerFile("cgroup.freeze") is { } unified)
            File.WriteAllText(unified, frozen ? "1" : "0");
        else if (frozen)
            throw new LabException(LabProblem.Refused,
                "this kernel has no control-group freezer (CONFIG_CGROUP_FREEZER): a host cannot be frozen; nothing was changed");
    }

    /// <summary>Asking is not having: the old freezer says FREEZING for a while.</summary>
    public bool IsFrozen() =>
        FreezerFile("freezer.state") is { } old
            ? File.ReadAllText(old).Trim() == "FROZEN"
            : FreezerFile("cgroup.events") is { } unified && File.ReadAllText(unified).Contains("frozen 1", StringComparison.Ordinal);

    private string? FreezerFile(string name) => Directories.Select(d => $"{d}/{name}").FirstOrDefault(File.Exists);

    /// <returns>Whether nothing is left of it; a group is busy while a process in it is still dying.</returns>
    public bool TryRemove()
    {
        foreach (var directory in Directories.Where(Directory.Exists))
        {
            foreach (var group in Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories)
                .OrderByDescending(d => d.Length).Append(directory))
            {
                // Not Directory.Delete: it would first try to delete the kernel's files in it.
                if (!RemoveDirectory.Empty(group))
                    return false;
            }
        }
        return true;
    }

    /// <summary>Hosts of a lab that have a group, by the lab's prefix.</summary>
    public static IEnumerable<string> Named(string prefix) =>
        Hierarchies.SelectMany(h => Directory.EnumerateDirectories(h, prefix + "*")).Select(d => Path.GetFileName(d)).Distinct();
}
