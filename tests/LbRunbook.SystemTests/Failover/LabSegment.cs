using System.Text.Json.Nodes;
using LbRunbook.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>
/// Who holds what, asked of the nodes' kernels themselves: their network namespaces answer also while a host is frozen or its SSH is cut.
/// </summary>
internal sealed class LabSegment(LabState lab)
{
    public LabState Lab { get; } = lab;
    public LabAddresses Addresses => Lab.Addresses;

    /// <summary>"v4 on lb1, v6 on lb1": what every test of a move ends with.</summary>
    public async Task<string> HoldersAsync() =>
        $"v4 on {Named(await HoldersOfAsync(Addresses.VipV4))}, v6 on {Named(await HoldersOfAsync(Addresses.VipV6))}";

    /// <summary>The same of the hosts that have a network at all: a killed one has none.</summary>
    public async Task<string> HoldersOfLivingAsync()
    {
        var namespaces = await LabCommands.RunAsync("listing namespaces", ["ip", "netns", "list"], TestContext.Current.CancellationToken);
        var living = Nodes.Where(n => namespaces.Contains(Addresses.ObjectOf(n), StringComparison.Ordinal)).ToList();
        return $"v4 on {Named(await HoldersOfAsync(Addresses.VipV4, living))}, v6 on "
            + $"{Named(await HoldersOfAsync(Addresses.VipV6, living))}";
    }

    public static string BothOn(string node) => $"v4 on {node}, v6 on {node}";

    /// <summary>Everything that ip addr says about both nodes: equal before and after what must change nothing.</summary>
    public async Task<string> EverythingAsync()
    {
        var nodes = await Task.WhenAll(Nodes.Select(async n => $"{n}: {string.Join(" ", await AddressesAsync(n))}"));
        return string.Join("\n", nodes);
    }

    public async Task ExpectHolderAsync(string node, string when) =>
        Assert.True(await HoldersAsync() is var holders && holders == BothOn(node), $"{when}: {holders}, expected {BothOn(node)}");

    /// <summary>Both addresses to lb1; the client and this machine remember no other MAC.</summary>
    public async Task ResetAsync()
    {
        foreach (var (vip, bits, extra) in ((string, int, string[])[])[(Addresses.VipV4, 32, []),
            (Addresses.VipV6, 128, ["nodad", "preferred_lft", "0"])])
        {
            await IpAsync("lb1", ["addr", "replace", $"{vip}/{bits}", "dev", "eth0", .. extra]);
            foreach (var other in (await HoldersOfAsync(vip)).Where(n => n != "lb1"))
                await IpAsync(other, ["addr", "del", $"{vip}/{bits}", "dev", "eth0"]);
            await IpAsync("client", ["neigh", "flush", "to", vip]);
            await LabCommands.RunAsync("forgetting MACs", ["ip", "neigh", "flush", "to", vip], TestContext.Current.CancellationToken);
        }
    }

    /// <summary>One address of the lab to one node, from wherever it is.</summary>
    public async Task GiveAsync(string node, string vip)
    {
        var (bits, extra) = vip.Contains(':', StringComparison.Ordinal) ? ("128", (string[])["nodad", "preferred_lft", "0"]) : ("32", []);
        await IpAsync(node, ["addr", "replace", $"{vip}/{bits}", "dev", "eth0", .. extra]);
        foreach (var other in (await HoldersOfAsync(vip)).Where(n => n != node))
            await IpAsync(other, ["addr", "del", $"{vip}/{bits}", "dev", "eth0"]);
    }

    /// <summary>As whoever else believes that it is theirs does.</summary>
    public Task AddAsync(string node, string vip) => IpAsync(node, ["addr", "add", $"{vip}/32", "dev", "eth0"]);

    /// <summary>With its prefix length.</summary>
    public Task TakeAsync(string node, string address) => IpAsync(node, ["addr", "del", address, "dev", "eth0"]);

    /// <summary>One fresh request as the client sends it: who answers.</summary>
    public async Task<string> AnswererAsync(string address)
    {
        var url = address.Contains(':', StringComparison.Ordinal) ? $"http://[{address}]/health" : $"http://{address}/health";
        var headers = await LabCommands.TryAsync(InNamespace("client", "curl", "-sS", "-g", "-m", "3", "-o", "/dev/null", "-D", "-", url),
            TestContext.Current.CancellationToken);
        var served = headers.Output.Split('\n').FirstOrDefault(l => l.StartsWith("x-served-by:", StringComparison.OrdinalIgnoreCase));
        return served?.Split(':')[1].Trim() ?? $"nobody: {headers.Output}{headers.Error}";
    }

    public async Task ExpectServedByAsync(string node, string when)
    {
        foreach (var vip in (string[])[Addresses.VipV4, Addresses.VipV6])
            Assert.True(await AnswererAsync(vip) is var who && who == node, $"{when}: {vip} is answered by {who}, expected {node}");
    }

    public IReadOnlyList<string> InNamespace(string host, params IReadOnlyList<string> command) =>
        ["ip", "netns", "exec", Addresses.ObjectOf(host), .. command];

    private IEnumerable<string> Nodes => Lab.Proxies.Select(h => h.Name);

    private static string Named(IReadOnlyList<string> nodes) => nodes.Count == 0 ? "nobody" : string.Join("+", nodes);

    private Task<IReadOnlyList<string>> HoldersOfAsync(string address) => HoldersOfAsync(address, Nodes);

    private async Task<IReadOnlyList<string>> HoldersOfAsync(string address, IEnumerable<string> nodesAsked)
    {
        var nodes = await Task.WhenAll(nodesAsked.Select(async n => (Name: n, Addresses: await AddressesAsync(n))));
        return [.. nodes.Where(n => n.Addresses.Any(a => a.StartsWith(address + "/", StringComparison.Ordinal))).Select(n => n.Name)];
    }

    private async Task<IReadOnlyList<string>> AddressesAsync(string host)
    {
        var json = await IpAsync(host, ["-j", "addr", "show", "dev", "eth0"]);
        // Link-local ones come by themselves when a cable is plugged in.
        return [.. JsonNode.Parse(json)!.AsArray().SelectMany(i => i!["addr_info"]!.AsArray())
            .Where(a => (string?)a!["scope"] == "global").Select(a => $"{a!["local"]}/{a["prefixlen"]}").Order(StringComparer.Ordinal)];
    }

    private Task<string> IpAsync(string host, IReadOnlyList<string> arguments) =>
        LabCommands.RunAsync($"ip on {host}", ["ip", "-n", Addresses.ObjectOf(host), .. arguments], TestContext.Current.CancellationToken);
}
