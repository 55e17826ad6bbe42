namespace LbRunbook.Lab.Faults;

internal sealed class HostCutFault(string name, string meaning) : LabFault(name, meaning)
{
    public override bool NeedsRunningHost => false;
    public override bool CutsCable => true;
    public override bool SurvivesPowerLoss => true;

    public override Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation) =>
        context.Network.SetCableAsync(host, up: false, cancellation);

    public override Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation) =>
        context.PlugInAsync(host, cancellation);
}
