namespace LbRunbook.Lab;

/// <summary>One bridge, one network namespace per host with an eth0 of its own; no route leads out of the lab.</summary>
internal sealed class LabNetwork(LabAddresses addresses)
{
    public Task CreateBridgeAsync(CancellationToken cancellation) =>
        // Snooping off: without a querier the bridge would forget who wants neighbour discovery. An address of its own: else it takes the
        // lowest one of its ports, and a host that is plugged in changes this machine's MAC, which IPv6 neighbours notice ten seconds
        // later.
        IpBatchAsync("making the bridge", [], $"""
            link add {addresses.Bridge} address {addresses.MachineMac} type bridge stp_state 0 forward_delay 0 mcast_snooping 0
            addr add {addresses.V4(LabAddresses.Machine)}/24 dev {addresses.Bridge}
            link set {addresses.Bridge} up
            addr add {addresses.V6(LabAddresses.Machine)}/64 dev {addresses.Bridge} nodad

            """, cancellation);

    public async Task AddHostAsync(LabHost host, IReadOnlyList<string> vips, CancellationToken cancellation)
    {
        var name = addresses.ObjectOf(host.Name);
        await LabCommands.RunAsync($"making the network of {host.Name}", ["ip", "netns", "add", name], cancellation);
        await IpBatchAsync($"connecting {host.Name}", [], $"""
            link add {name} type veth peer name eth0 netns {name}
            link set {name} master {addresses.Bridge} up

            """, cancellation);
        var more = string.Concat(vips.Select(v => $"addr add {v} dev eth0{(v.Contains(':') ? " nodad" : "")}\n"));
        await IpBatchAsync($"addressing {host.Name}", ["-n", name], $"""
            link set lo up
            link set eth0 up
            addr add {addresses.V4(host.Number)}/24 dev eth0
            addr add {addresses.V6(host.Number)}/64 dev eth0 nodad
            {more}
            """, cancellation);
    }

    public async Task RemoveHostAsync(LabHost host, CancellationToken cancellation)
    {
        var name = addresses.ObjectOf(host.Name);
        await RemoveLinkAsync(name, cancellation);
        await RemoveNamespaceAsync(name, cancellation);
    }

    /// <summary>The bridge's side of the cable: the host itself sees only that nobody answers.</summary>
    public Task SetCableAsync(LabHost host, bool up, CancellationToken cancellation) =>
        LabCommands.RunAsync($"{(up ? "plugging" : "unplugging")} {host.Name}",
            ["ip", "link", "set", addresses.ObjectOf(host.Name), up ? "up" : "down"], cancellation);

    /// <summary>Below IP, so that not even ARP passes; a host's frames to another host do not come this way.</summary>
    public Task SetMachineCutAsync(bool cut, CancellationToken cancellation) =>
        LabCommands.RunAsync($"{(cut ? "cutting" : "mending")} this machine's link to the lab", ["nft", "-f", "-"], cancellation, cut
            ? $$"""
                table netdev {{MachineCut}} {
                    chain ingress { type filter hook ingress device "{{addresses.Bridge}}" priority -500; policy drop; }
                    chain egress { type filter hook egress device "{{addresses.Bridge}}" priority -500; policy drop; }
                }

                """
            : $"table netdev {MachineCut}\ndelete table netdev {MachineCut}\n");

    /// <summary>Which of the lab's virtual IPs the host has on an interface, with prefix length.</summary>
    public async Task<IReadOnlyList<string>> VipsOfAsync(LabHost host, CancellationToken cancellation)
    {
        var name = addresses.ObjectOf(host.Name);
        if (!File.Exists($"{LabPaths.NetworkNamespaces}/{name}"))
            return [];
        var result = await LabCommands.TryAsync(["ip", "-n", name, "-o", "addr", "show", "dev", "eth0"], cancellation);
        return [.. result.Output.Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 3 && words[3].Split('/')[0] is var address
                && (address == addresses.VipV4 || address == addresses.VipV6))
            .Select(words => words[3])];
    }

    /// <summary>Everything with the lab's prefix, whether or not it was ever written down.</summary>
    public async Task RemoveAllAsync(CancellationToken cancellation)
    {
        await RemoveMachineCutAsync(cancellation);
        foreach (var link in Links().OrderBy(l => l == addresses.Bridge))
            await RemoveLinkAsync(link, cancellation);
        foreach (var name in Namespaces())
            await RemoveNamespaceAsync(name, cancellation);
    }

    public IReadOnlyList<string> Links() => [.. AllLinks().Where(IsOurs)];
    public IReadOnlyList<string> Namespaces() => [.. AllNamespaces().Where(IsOurs)];

    /// <summary>From /proc, which is of the namespace that we are in; /sys may have been mounted in another one.</summary>
    public static IEnumerable<string> AllLinks() =>
        File.ReadLines("/proc/self/net/dev").Where(l => l.Contains(':')).Select(l => l[..l.IndexOf(':')].Trim());

    public static IEnumerable<string> AllNamespaces() =>
        Directory.Exists(LabPaths.NetworkNamespaces)
            ? Directory.EnumerateFileSystemEntries(LabPaths.NetworkNamespaces).Select(e => Path.GetFileName(e))
            : [];

    /// <summary>The only thing of a lab that is in the machine's own firewall, and so does not go with a link.</summary>
    private string MachineCut => $"lab{addresses.Index}_machine_cut";

    private async Task RemoveMachineCutAsync(CancellationToken cancellation)
    {
        // A kernel without such tables has none to delete.
        var result = await LabCommands.TryAsync(["nft", "delete", "table", "netdev", MachineCut], cancellation);
        if (!result.Ok && (await LabCommands.TryAsync(["nft", "list", "tables", "netdev"], cancellation)).Output
            .Contains($" {MachineCut}\n", StringComparison.Ordinal))
            throw new LabException(LabProblem.LeftBehind, $"firewall table {MachineCut} could not be deleted: {result.Error.Trim()}");
    }

    private bool IsOurs(string name) => name.StartsWith(addresses.Prefix, StringComparison.Ordinal);

    private static async Task RemoveLinkAsync(string link, CancellationToken cancellation)
    {
        // Deleted by name rather than left to the namespace's end, which the kernel does in its own time.
        var result = await LabCommands.TryAsync(["ip", "link", "del", link], cancellation);
        if (!result.Ok && AllLinks().Contains(link))
            throw new LabException(LabProblem.LeftBehind, $"link {link} could not be deleted: {result.Error.Trim()}");
    }

    private static async Task RemoveNamespaceAsync(string name, CancellationToken cancellation)
    {
        var result = await LabCommands.TryAsync(["ip", "netns", "del", name], cancellation);
        if (!result.Ok && File.Exists($"{LabPaths.NetworkNamespaces}/{name}"))
            throw new LabException(LabProblem.LeftBehind, $"network namespace {name} could not be deleted: {result.Error.Trim()}");
    }

    private static Task<string> IpBatchAsync(string doing, IReadOnlyList<string> options, string lines, CancellationToken cancellation) =>
        LabCommands.RunAsync(doing, ["ip", .. options, "-batch", "-"], cancellation, lines);
}
