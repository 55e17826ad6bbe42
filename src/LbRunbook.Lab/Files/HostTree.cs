namespace LbRunbook.Lab.Files;

/// <summary>
/// Writes into a host's file system before it boots. Never follows a symbolic link: an absolute one would lead out of the host
/// and into the machine's own files.
/// </summary>
internal sealed class HostTree(string root)
{
    private const UnixFileMode Readable = (UnixFileMode)0b110_100_100;
    public const UnixFileMode Private = (UnixFileMode)0b110_000_000;

    public void Write(string path, string text, UnixFileMode mode = Readable)
    {
        var full = Prepare(path);
        File.WriteAllText(full, text);
        UnixFiles.SetMode(full, mode);
    }

    public void Link(string path, string target) => File.CreateSymbolicLink(Prepare(path), target);

    public void CreateFile(string path, long size)
    {
        using var file = File.Create(Prepare(path));
        file.SetLength(size);
    }

    /// <summary>What the machine has there must not be seen in the host.</summary>
    public void Empty(string path, UnixFileMode mode = (UnixFileMode)0b111_101_101)
    {
        var full = Prepare(path);
        UnixFiles.CreateDirectory(full, mode);
    }

    /// <summary>.NET has no chown.</summary>
    public Task GiveAsync(string path, int id, CancellationToken cancellation) =>
        LabCommands.RunAsync($"giving {path} to its user", ["chown", "--recursive", "--no-dereference", $"{id}:{id}", Full(path)],
            cancellation);

    public string Read(string path) => File.ReadAllText(Full(path));

    private string Prepare(string path)
    {
        var full = Full(path);
        for (var parent = Path.GetDirectoryName(full)!; parent.Length > root.Length; parent = Path.GetDirectoryName(parent)!)
        {
            if (new FileInfo(parent).LinkTarget is not null)
                throw new LabException(LabProblem.Refused,
                    $"{parent[root.Length..]} is a symbolic link on this machine; the lab needs a directory there");
        }
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        if (Directory.Exists(full) && new FileInfo(full).LinkTarget is null)
            Directory.Delete(full, recursive: true);
        else
            File.Delete(full);
        return full;
    }

    private string Full(string path) => root + path;
}
