namespace LbRunbook.Lab;

/// <summary>One change to a lab at a time; the kernel lets go of it when its holder dies.</summary>
internal static class LabLock
{
    public static async Task<IDisposable> TakeAsync(LabPaths paths, CancellationToken cancellation)
    {
        FileStream? held = null;
        var taken = await Poll.UntilAsync(TimeSpan.FromSeconds(30), () =>
        {
            try
            {
                held = new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return Task.FromResult(true);
            }
            catch (DirectoryNotFoundException)
            {
                throw new LabException(LabProblem.Failed, $"lab {paths.Name} is gone", "lbctl lab list");
            }
            catch (IOException)
            {
                return Task.FromResult(false);
            }
        }, cancellation);
        return taken
            ? held!
            : throw new LabException(LabProblem.Refused, $"lab {paths.Name} is being changed by somebody else; nothing was changed",
                $"lbctl lab status --name {paths.Name}");
    }
}
