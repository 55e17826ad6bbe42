namespace LbRunbook.Lab.Faults;

/// <summary>Power off: silent at once, and with it go addresses, rules and everything in memory; only the disk stays.</summary>
internal sealed class HostKillFault(string name, string meaning) : LabFault(name, meaning)
{
    public override bool NeedsRunningHost => false;

    public override async Task<ActiveFault> PrepareAsync(LabFaultContext context, LabHost host, CancellationToken cancellation) =>
        new(Name, host.Name)
        {
            // What keepalived carries, keepalived brings back.
            Vips = context.Lab.Keepalived != LabKeepalived.None ? [] : await context.Network.VipsOfAsync(host, cancellation),
        };

    public override async Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        // The cable first: dying processes would still say goodbye.
        await context.Network.SetCableAsync(host, up: false, cancellation);
        await context.Machine.EndAsync(host, cancellation);
        await context.Network.RemoveHostAsync(host, cancellation);
    }

    public override async Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        var taken = new List<string>();
        foreach (var other in context.Lab.Proxies.Where(h => h != host))
            taken.AddRange(await context.Network.VipsOfAsync(other, cancellation));
        // What was interrupted before its end may have left the half of it.
        await context.Machine.EndAsync(host, cancellation);
        await context.Network.RemoveHostAsync(host, cancellation);
        await LabFaultContext.ExpectAsync($"{host.Name} has left its control groups",
            () => new LabCgroups(context.ObjectOf(host)).TryRemove(), cancellation);
        await context.Network.AddHostAsync(host, [.. active.Vips.Except(taken)], cancellation);
        if (context.CableIsCutByAnother(host))
            await context.Network.SetCableAsync(host, up: false, cancellation);
        await context.Machine.StartAsync(host, cancellation);
        if (context.CableIsCutByAnother(host))
            return;
        using var readiness = new LabReadiness(context.Lab);
        if (!await Poll.UntilAsync(LabBuilder.ReadyLimit, () => readiness.ListensAsync(host, cancellation), cancellation))
            throw new LabException(LabProblem.Failed, $"{host.Name} was booted but does not answer",
                $"lbctl lab status --name {context.Lab.Name}");
    }
}
