namespace LbRunbook.Lab.Faults;

/// <summary>
/// The freezer stops the processes; the kernel, shared with the machine, would still answer ARP and TCP: hence the cable.
/// </summary>
internal sealed class HostFreezeFault(string name, string meaning) : LabFault(name, meaning)
{
    public override bool NeedsRunningHost => false;
    public override bool CutsCable => true;

    public override async Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        await context.Network.SetCableAsync(host, up: false, cancellation);
        var groups = new LabCgroups(context.ObjectOf(host));
        groups.SetFrozen(true);
        await LabFaultContext.ExpectAsync($"{host.Name} is frozen", groups.IsFrozen, cancellation);
    }

    public override async Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        var groups = new LabCgroups(context.ObjectOf(host));
        groups.SetFrozen(false);
        await LabFaultContext.ExpectAsync($"{host.Name} goes on", () => !groups.IsFrozen(), cancellation);
        await context.PlugInAsync(host, cancellation);
    }
}
