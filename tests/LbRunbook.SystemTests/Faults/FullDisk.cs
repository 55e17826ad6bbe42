using LbRunbook.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Faults;

/// <summary>A file system of some kilobytes with nothing left on it.</summary>
internal sealed class FullDisk : IAsyncDisposable
{
    private FullDisk(string path) => Path = path;

    public string Path { get; }

    public static async Task<FullDisk> MountAsync(string path, int pages = 0)
    {
        Directory.CreateDirectory(path);
        await LabCommands.RunAsync("mounting", ["mount", "-t", "tmpfs", "-o", "size=64k", "lbctl-test", path],
            TestContext.Current.CancellationToken);
        var disk = new FullDisk(path);
        await LabCommands.RunAsync("filling",
            ["fallocate", "--length", $"{new DriveInfo(path).AvailableFreeSpace - pages * Environment.SystemPageSize}", disk.Fill],
            TestContext.Current.CancellationToken);
        return disk;
    }

    public Task EmptyAsync()
    {
        File.Delete(Fill);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await LabCommands.TryAsync(["umount", Path], CancellationToken.None);

    private string Fill => $"{Path}/fill";
}
