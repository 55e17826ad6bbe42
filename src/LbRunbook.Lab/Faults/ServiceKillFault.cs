using LbRunbook.Adapters.Processes;

namespace LbRunbook.Lab.Faults;

internal sealed class ServiceKillFault(string name, string meaning) : LabFault(name, meaning)
{
    public override async Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        var service = LabService.Of(context.Lab, host);
        // Masked first: the unit says Restart=always.
        await context.Machine.RunInsideAsync(Name, host, ["systemctl", "mask", "--runtime", service.Unit], cancellation);
        await LabFaultContext.ExpectAsync($"{service.Unit} on {host.Name} is dead", () =>
        {
            var left = LabProcesses.Named(context.ObjectOf(host), service.Process).ToList();
            foreach (var pid in left)
                Signal.Send(pid, Signal.Kill);
            return left.Count == 0;
        }, cancellation);
    }

    public override async Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        var unit = LabService.Of(context.Lab, host).Unit;
        await context.Machine.RunInsideAsync($"healing {Name}", host, ["systemctl", "unmask", "--runtime", unit], cancellation);
        await context.Machine.RunInsideAsync($"healing {Name}", host, ["systemctl", "restart", unit], cancellation);
    }
}
