namespace LbRunbook.Lab.Faults;

/// <summary>
/// A file beside the host's own files takes all that is left: the host cannot see it, and healing deletes nothing of the host's.
/// </summary>
internal sealed class DiskFullFault(string name, string meaning) : LabFault(name, meaning)
{
    public override bool NeedsRunningHost => false;
    public override bool SurvivesPowerLoss => true;

    public override async Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        var disk = new DriveInfo(context.Lab.Paths.HostDisk(host.Name));
        long filled = 0;
        // More than once: the host goes on writing and deleting.
        if (!await Poll.UntilAsync(TimeSpan.FromSeconds(10), async () =>
        {
            filled += disk.AvailableFreeSpace;
            // Fails when the host was faster: then there was no space left for it either.
            await LabCommands.TryAsync(["fallocate", "--length", $"{filled}", context.Lab.Paths.Fill(host.Name)], cancellation);
            filled = new FileInfo(context.Lab.Paths.Fill(host.Name)) is { Exists: true } file ? file.Length : 0;
            return disk.AvailableFreeSpace == 0;
        }, cancellation))
        {
            throw new LabException(LabProblem.Failed, $"{disk.AvailableFreeSpace} bytes are still free on {host.Name}");
        }
    }

    public override Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        File.Delete(context.Lab.Paths.Fill(host.Name));
        return Task.CompletedTask;
    }
}
