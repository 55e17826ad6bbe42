using LbRunbook.Adapters.Processes;

namespace LbRunbook.Lab;

/// <summary>
/// Takes a lab away by looking at what is there, not at what was written down: it also takes away what a killed `up` or `down` left.
/// </summary>
internal sealed class LabSweeper(Action<string> say)
{
    /// <exception cref="LabException">Something is left, and what.</exception>
    public async Task SweepAsync(string name, CancellationToken cancellation)
    {
        var paths = new LabPaths(name);
        var indexes = LabRegistry.IndexesOf(name);
        foreach (var index in indexes)
            await EndProcessesAsync(new LabAddresses(index), paths, cancellation);
        await new LabDisk(paths).RemoveAsync(cancellation);
        foreach (var index in indexes)
        {
            var addresses = new LabAddresses(index);
            await new LabNetwork(addresses).RemoveAllAsync(cancellation);
            await RemoveCgroupsAsync(addresses, cancellation);
        }
        if (Directory.Exists(paths.Directory))
            Directory.Delete(paths.Directory, recursive: true);
        var left = indexes.SelectMany(i => Leftovers(new LabAddresses(i), paths)).ToList();
        if (left.Count > 0)
            throw new LabException(LabProblem.LeftBehind, $"lab {name}: still there: {string.Join(", ", left)}",
                $"lbctl lab down --name {name}");
        foreach (var index in indexes)
            LabRegistry.Release(index);
        LabMachine.ForgetRuntimeDirectory();
        say($"lab {name}: no process, mount, namespace, link, control group or file is left");
    }

    /// <summary>Every lab, and everything that bears a lab's name though no lab claims it.</summary>
    public async Task SweepAllAsync(CancellationToken cancellation)
    {
        foreach (var name in LabRegistry.Names().Concat(LabRegistry.Claims().Select(c => c.Name)).Distinct().ToList())
            await SweepAsync(name, cancellation);
        foreach (var index in LabStrays.Indexes())
        {
            var addresses = new LabAddresses(index);
            say($"sweeping what bears the name {addresses.Prefix} and belongs to no lab");
            await EndProcessesAsync(addresses, new LabPaths(""), cancellation);
            await new LabNetwork(addresses).RemoveAllAsync(cancellation);
            await RemoveCgroupsAsync(addresses, cancellation);
        }
    }

    private static IEnumerable<string> Leftovers(LabAddresses addresses, LabPaths paths)
    {
        var network = new LabNetwork(addresses);
        return [.. new LabDisk(paths).Mounts(), .. network.Links(), .. network.Namespaces(), .. LabCgroups.Named(addresses.Prefix),
            .. Directory.Exists(paths.Directory) ? [paths.Directory] : (string[])[]];
    }

    private static Task EndProcessesAsync(LabAddresses addresses, LabPaths paths, CancellationToken cancellation)
    {
        var names = LabCgroups.Named(addresses.Prefix).Concat(new LabNetwork(addresses).Namespaces()).Distinct();
        return Task.WhenAll(names.Select(n => LabProcesses.EndAsync(n, paths.Root(n[addresses.Prefix.Length..]), cancellation)));
    }

    private static async Task RemoveCgroupsAsync(LabAddresses addresses, CancellationToken cancellation)
    {
        foreach (var name in LabCgroups.Named(addresses.Prefix))
        {
            var group = new LabCgroups(name);
            var removed = await Poll.UntilAsync(TimeSpan.FromSeconds(5), () =>
            {
                // Of an `up` that was cut off: a launcher that joins its group only after the host's processes were ended.
                foreach (var late in LabProcesses.InCgroup(name))
                    Signal.Send(late, Signal.Kill);
                return Task.FromResult(group.TryRemove());
            }, cancellation);
            if (!removed)
                throw new LabException(LabProblem.LeftBehind, $"control group {name} is still busy");
        }
    }
}
