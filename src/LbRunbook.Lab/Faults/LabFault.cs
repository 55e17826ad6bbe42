namespace LbRunbook.Lab.Faults;

/// <summary>Something that goes wrong with one host, on request, and can be put right exactly.</summary>
internal abstract class LabFault(string name, string meaning)
{
    public string Name { get; } = name;
    public string Meaning { get; } = meaning;

    /// <summary>The role that a host must have; null = any.</summary>
    public LabRole? Role { get; init; }

    /// <summary>Whether a command has to run inside the host, which a frozen or dead one cannot.</summary>
    public virtual bool NeedsRunningHost => true;

    /// <summary>Still there when the host has been without power.</summary>
    public virtual bool SurvivesPowerLoss => false;

    /// <summary>Unplugs the host; the cable goes back in when the last such fault is healed.</summary>
    public virtual bool CutsCable => false;

    /// <summary>Where it is made.</summary>
    /// <param name="name">As it was typed; null = none was.</param>
    public LabHost FindHost(LabState lab, string? name)
    {
        if (Role == LabRole.Operator && name is null or LabHosts.Operator)
            return LabHosts.ThisMachine;
        return LabHosts.Find(lab, name ?? throw new LabException(LabProblem.Unknown, $"{Name} on which host?", "lbctl lab break"));
    }

    /// <summary>What healing will need to know; written down before anything is done.</summary>
    public virtual Task<ActiveFault> PrepareAsync(LabFaultContext context, LabHost host, CancellationToken cancellation) =>
        Task.FromResult(new ActiveFault(Name, host.Name));

    /// <summary>Returns when the fault is there, not when it was asked for.</summary>
    public abstract Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation);

    public abstract Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation);
}

/// <param name="Lab">As it is with the fault in question left out.</param>
internal sealed record LabFaultContext(LabState Lab)
{
    public LabNetwork Network { get; } = new(Lab.Addresses);
    public LabMachine Machine { get; } = new(Lab.Addresses, Lab.Paths);
    public string ObjectOf(LabHost host) => Lab.Addresses.ObjectOf(host.Name);

    public bool CableIsCutByAnother(LabHost host) =>
        Lab.Faults.Any(f => f.Host == host.Name && LabFaultCatalog.Find(f.Fault).CutsCable);

    public async Task PlugInAsync(LabHost host, CancellationToken cancellation)
    {
        if (!CableIsCutByAnother(host))
            await Network.SetCableAsync(host, up: true, cancellation);
    }

    public static async Task ExpectAsync(string what, Func<bool> there, CancellationToken cancellation)
    {
        if (!await Poll.UntilAsync(TimeSpan.FromSeconds(10), () => Task.FromResult(there()), cancellation))
            throw new LabException(LabProblem.Failed, $"{what}: not so after 10 s");
    }
}
