namespace LbRunbook.Adapters.Lab.Faults;

/// <summary>In a table of its own, so that healing takes away nothing else.</summary>
internal sealed class SshCutFault(string name, string meaning) : LabFault(name, meaning)
{
    private const string Table = "lab_ssh_cut";

    public override bool NeedsRunningHost => false;

    public override Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation) =>
        NftAsync(context, host, $$"""
            table inet {{Table}} {
                chain input {
                    type filter hook input priority -300; policy accept;
                    tcp dport 22 drop
                }
            }

            """, cancellation);

    public override Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation) =>
        // Named first, then deleted: no error when the table is not there.
        NftAsync(context, host, $"table inet {Table}\ndelete table inet {Table}\n", cancellation);

    private Task<string> NftAsync(LabFaultContext context, LabHost host, string rules, CancellationToken cancellation) =>
        LabCommands.RunAsync(Name, ["nsenter", $"--net={LabPaths.NetworkNamespaces}/{context.ObjectOf(host)}", "nft", "-f", "-"], cancellation, rules);
}
