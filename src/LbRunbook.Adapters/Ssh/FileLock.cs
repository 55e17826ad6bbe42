namespace LbRunbook.Adapters.Ssh;

/// <summary>One holder among processes; the kernel lets go of it when the holder dies.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public static async Task<FileStream> AcquireAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
            {
                await Task.Delay(Poll, cancellation);
            }
        }
    }
}
