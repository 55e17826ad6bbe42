namespace LbRunbook.Lab.Faults;

/// <summary>Makes and heals faults, one at a time per lab, and keeps the list of those that are active.</summary>
internal sealed class LabFaultRunner(LabPaths paths)
{
    /// <returns>False when it was so already.</returns>
    public async Task<bool> BreakAsync(LabFault fault, string? hostName, CancellationToken cancellation)
    {
        using var held = await LabLock.TakeAsync(paths, cancellation);
        var lab = Read();
        var host = fault.FindHost(lab, hostName);
        if (lab.HasFault(fault.Name, host.Name))
            return false;
        Require(lab, fault, host);
        var context = new LabFaultContext(lab);
        var active = await fault.PrepareAsync(context, host, cancellation);
        // Power loss ends whatever was wrong in memory; an unplugged cable stays unplugged, and what is on the disk stays.
        var others = fault is HostKillFault
            ? lab.Faults.Where(f => f.Host != host.Name || LabFaultCatalog.Find(f.Fault).SurvivesPowerLoss).ToList()
            : lab.Faults;
        LabStateFile.Write(lab with { Faults = [.. others, active] });
        try
        {
            await fault.BreakAsync(context, host, active, cancellation);
        }
        catch (Exception)
        {
            using var limit = new CancellationTokenSource(LabBuilder.ReadyLimit);
            await fault.HealAsync(context, host, active, limit.Token);
            LabStateFile.Write(lab);
            throw;
        }
        return true;
    }

    /// <returns>False when there was nothing to heal.</returns>
    public async Task<bool> HealAsync(LabFault fault, string? hostName, CancellationToken cancellation)
    {
        using var held = await LabLock.TakeAsync(paths, cancellation);
        var lab = Read();
        var host = fault.FindHost(lab, hostName);
        var active = lab.Faults.FirstOrDefault(f => f.Fault == fault.Name && f.Host == host.Name);
        if (active is null)
            return false;
        await HealAsync(lab, active, cancellation);
        return true;
    }

    /// <summary>The latest first: what was broken on top of something else is put right before it.</summary>
    public async Task<IReadOnlyList<ActiveFault>> HealAllAsync(CancellationToken cancellation)
    {
        using var held = await LabLock.TakeAsync(paths, cancellation);
        var healed = new List<ActiveFault>();
        for (var lab = Read(); lab.Faults.Count > 0; lab = Read())
        {
            healed.Add(lab.Faults[^1]);
            await HealAsync(lab, lab.Faults[^1], cancellation);
        }
        return healed;
    }

    private static async Task HealAsync(LabState lab, ActiveFault active, CancellationToken cancellation)
    {
        var fault = LabFaultCatalog.Find(active.Fault);
        var host = fault.FindHost(lab, active.Host);
        var without = lab with { Faults = [.. lab.Faults.Where(f => f != active)] };
        Require(without, fault, host);
        await fault.HealAsync(new LabFaultContext(without), host, active, cancellation);
        LabStateFile.Write(without);
    }

    private static void Require(LabState lab, LabFault fault, LabHost host)
    {
        if (fault.Role is { } role && role != host.Role)
            throw new LabException(LabProblem.Unknown,
                $"{fault.Name} is for a {role.ToString().ToLowerInvariant()}; {host.Name} is a {host.Role.ToString().ToLowerInvariant()}",
                "lbctl lab break");
        var name = lab.Name;
        if (lab.HasFault("host-kill", host.Name) && !fault.SurvivesPowerLoss)
            throw new LabException(LabProblem.Refused, $"{host.Name} has no power; nothing was changed",
                $"lbctl lab heal host-kill {host.Name} --name {name}");
        if (lab.HasFault("host-freeze", host.Name) && fault.NeedsRunningHost)
            throw new LabException(LabProblem.Refused, $"{host.Name} is frozen; nothing was changed",
                $"lbctl lab heal host-freeze {host.Name} --name {name}");
    }

    private LabState Read() =>
        LabStateFile.TryRead(paths)
            ?? throw new LabException(LabProblem.Failed, $"lab {paths.Name} has no state", $"lbctl lab down --name {paths.Name}");
}
