namespace LbRunbook.Lab.Faults;

/// <summary>What the machine itself says to the lab, and hears from it, is lost; between the hosts everything goes on.</summary>
internal sealed class OperatorCutFault : LabFault
{
    public OperatorCutFault()
        : base("operator-cut", "this machine's own link to the lab is dead: lbctl reaches nothing, clients are served; takes no HOST") =>
            Role = LabRole.Operator;

    public override bool NeedsRunningHost => false;

    public override Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation) =>
        context.Network.SetMachineCutAsync(cut: true, cancellation);

    public override Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation) =>
        context.Network.SetMachineCutAsync(cut: false, cancellation);
}
