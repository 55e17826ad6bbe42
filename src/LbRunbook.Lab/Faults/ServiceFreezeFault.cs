using LbRunbook.Adapters.Processes;

namespace LbRunbook.Lab.Faults;

internal sealed class ServiceFreezeFault(string name, string meaning) : LabFault(name, meaning)
{
    /// <summary>Null = what the host is there for.</summary>
    public LabService? Service { get; init; }

    public override Task<ActiveFault> PrepareAsync(LabFaultContext context, LabHost host, CancellationToken cancellation)
    {
        var service = ServiceOf(context, host);
        var running = LabProcesses.Named(context.ObjectOf(host), service.Process).Where(p => LabProcesses.StateOf(p) != 'T').ToList();
        return running.Count == 0
            ? throw new LabException(LabProblem.Failed, $"{service.Unit} does not run on {host.Name}: there is nothing to freeze",
                $"lbctl lab status --name {context.Lab.Name}")
            : Task.FromResult(new ActiveFault(Name, host.Name) { Pids = running });
    }

    public override Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        foreach (var pid in active.Pids)
            Signal.Send(pid, Signal.Stop);
        return LabFaultContext.ExpectAsync($"{ServiceOf(context, host).Unit} on {host.Name} is stopped",
            () => active.Pids.All(p => LabProcesses.StateOf(p) is 'T' or null), cancellation);
    }

    public override Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        // A pid may belong to another process by now.
        var still = LabProcesses.Named(context.ObjectOf(host), ServiceOf(context, host).Process).Intersect(active.Pids).ToList();
        foreach (var pid in still)
            Signal.Send(pid, Signal.Continue);
        return LabFaultContext.ExpectAsync($"{host.Name} goes on", () => still.All(p => LabProcesses.StateOf(p) != 'T'), cancellation);
    }

    private LabService ServiceOf(LabFaultContext context, LabHost host) => Service ?? LabService.Of(context.Lab, host);
}
