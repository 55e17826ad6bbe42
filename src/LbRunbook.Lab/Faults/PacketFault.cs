namespace LbRunbook.Lab.Faults;

/// <summary>
/// Some packets of the host are dropped, in a table of its own in the host's network namespace: healing takes away nothing else, and what
/// is forgotten goes with the host.
/// </summary>
/// <param name="family">inet sees IP; netdev sees frames, and so ARP and neighbour discovery too.</param>
internal sealed class PacketFault(string name, string meaning, string family, string chains) : LabFault(name, meaning)
{
    public const string Ssh = "chain input { type filter hook input priority -300; policy accept; tcp dport 22 drop; }";
    public const string Vrrp = """
        chain input { type filter hook input priority -300; policy accept; meta l4proto 112 drop; }
            chain output { type filter hook output priority -300; policy accept; meta l4proto 112 drop; }
        """;
    public const string In = "chain ingress { type filter hook ingress device eth0 priority -500; policy drop; }";
    public const string Out = "chain egress { type filter hook egress device eth0 priority -500; policy drop; }";

    private readonly string _table = $"{family} lab_{name.Replace('-', '_')}";

    public override bool NeedsRunningHost => false;

    public override Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation) =>
        NftAsync(context, host, $$"""
            table {{_table}} {
                {{chains}}
            }

            """, cancellation);

    public override Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation) =>
        // Named first, then deleted: no error when the table is not there.
        NftAsync(context, host, $"table {_table}\ndelete table {_table}\n", cancellation);

    private Task<string> NftAsync(LabFaultContext context, LabHost host, string rules, CancellationToken cancellation) =>
        LabCommands.RunAsync(Name, ["nsenter", $"--net={LabPaths.NetworkNamespaces}/{context.ObjectOf(host)}", "nft", "-f", "-"],
            cancellation, rules);
}
