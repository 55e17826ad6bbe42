using System.Globalization;

namespace LbRunbook.Lab;

/// <summary>Which labs there are, and whose each index is.</summary>
internal static class LabRegistry
{
    public const int LastIndex = 250;

    public static IReadOnlyList<string> Names() =>
        Directory.Exists(LabPaths.Labs)
            ? [.. Directory.EnumerateDirectories(LabPaths.Labs).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The lab's directory is made by exactly one `up`, whoever else tries at the same time.</summary>
    /// <returns>False when there is one already.</returns>
    public static bool TryCreateDirectory(LabPaths paths)
    {
        UnixFiles.CreateDirectory(LabPaths.Labs, Private);
        UnixFiles.CreateDirectory(LabPaths.Indexes, Private);
        return MakeDirectory.Exclusive(paths.Directory);
    }

    public static int ClaimIndex(string name)
    {
        var links = LabNetwork.AllLinks().ToHashSet();
        for (var index = 1; index <= LastIndex; index++)
        {
            if (links.Contains(new LabAddresses(index).Bridge))
                continue;
            try
            {
                File.CreateSymbolicLink(Link(index), $"../labs/{name}");
                return index;
            }
            catch (IOException)
            {
                // Somebody else's; the next one.
            }
        }
        throw new LabException(LabProblem.Failed, $"all {LastIndex} lab indexes are in use", "lbctl lab list");
    }

    /// <summary>Asks the links, not the lab's own state: they are right even when `up` was killed before it wrote anything.</summary>
    public static IReadOnlyList<int> IndexesOf(string name) => [.. Claims().Where(c => c.Name == name).Select(c => c.Index)];

    public static IEnumerable<(int Index, string Name)> Claims()
    {
        if (!Directory.Exists(LabPaths.Indexes))
            yield break;
        foreach (var link in new DirectoryInfo(LabPaths.Indexes).EnumerateFileSystemInfos())
        {
            if (link.LinkTarget is { } target && int.TryParse(link.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                yield return (index, Path.GetFileName(target));
        }
    }

    public static void Release(int index) => File.Delete(Link(index));

    private static string Link(int index) => $"{LabPaths.Indexes}/{index.ToString(CultureInfo.InvariantCulture)}";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
}
