using LbRunbook.Lab.Files;

namespace LbRunbook.Lab.Faults;

/// <summary>Renamed to what sudo does not read (a name with a dot), and back: the same file, with its owner and mode.</summary>
internal sealed class SudoRevokeFault(string name, string meaning) : LabFault(name, meaning)
{
    private const string Away = OperatorFiles.Rules + ".revoked";

    public override bool NeedsRunningHost => false;
    public override bool SurvivesPowerLoss => true;

    public override Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        var root = context.Lab.Paths.Root(host.Name);
        File.Move(root + OperatorFiles.Rules, root + Away);
        return Task.CompletedTask;
    }

    public override Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation)
    {
        var root = context.Lab.Paths.Root(host.Name);
        if (File.Exists(root + Away))
            File.Move(root + Away, root + OperatorFiles.Rules, overwrite: true);
        return Task.CompletedTask;
    }
}
