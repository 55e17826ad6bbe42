using System.Net;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Model;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.SystemTests.Vip;

/// <summary>
/// One bridge with namespaces lb1, lb2 and client on it, this machine too; removed at the end.
/// Addresses: 10.214.K.0/24 and fd00:214:K::/64, K from the process id, so that two runs do not meet.
/// </summary>
internal sealed class Segment : IAsyncDisposable
{
    private static int _count;
    private readonly string _id = $"{Environment.ProcessId % 100000}{Interlocked.Increment(ref _count)}";
    private readonly int _subnet = (Environment.ProcessId + _count * 7) % 250 + 1;

    private Segment()
    {
        Shell = new(Names.ToDictionary(n => n, Namespace));
        Fleet = Sample();
    }

    public static IReadOnlyList<string> Names => ["lb1", "lb2", "client"];
    public NamespaceShell Shell { get; }
    public Fleet Fleet { get; }
    public string Bridge => $"vipb{_id}";
    public IPAddress VipAddress => IPAddress.Parse($"10.214.{_subnet}.100");
    public IPAddress VipAddress6 => IPAddress.Parse($"fd00:214:{_subnet}::100");
    public VirtualIp Vip => Fleet.Vip("public");
    public VirtualIp Vip6 => Fleet.Vip("public6");
    public string Namespace(string host) => $"vip{_id}-{host}";
    public string HostAddress(int number) => $"10.214.{_subnet}.{number}";

    public static async Task<Segment> StartAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs root for network namespaces");
        var segment = new Segment();
        try
        {
            await segment.BuildAsync();
            return segment;
        }
        catch
        {
            await segment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs <c>ip</c> or any program on a host, and fails the test when it fails.</summary>
    public async Task<string> OnAsync(string host, params string[] command)
    {
        var result = await ChildProcess.RunAsync(new("ip", ["netns", "exec", Namespace(host), .. command]),
            TestContext.Current.CancellationToken);
        Assert.True(result.Ok, $"{string.Join(' ', command)} on {host}: {result.Error}");
        return result.Output;
    }

    /// <summary>Moves the address without a word to anybody: what a client then remembers is wrong.</summary>
    public async Task MoveSilentlyAsync(VirtualIp vip, string from, string to)
    {
        await OnAsync(from, "ip", "addr", "del", vip.Cidr, "dev", "eth0");
        await GiveAsync(vip, to);
    }

    public Task GiveAsync(VirtualIp vip, string to) =>
        vip.IsIPv6
            ? OnAsync(to, "ip", "addr", "add", vip.Cidr, "dev", "eth0", "nodad")
            : OnAsync(to, "ip", "addr", "add", vip.Cidr, "dev", "eth0");

    /// <summary>A closed port refuses at once; an address that nobody has any more says nothing.</summary>
    public async Task<bool> ClientReachesAsync(VirtualIp vip)
    {
        var result = await ChildProcess.RunAsync(
            new("ip", ["netns", "exec", Namespace("client"), "timeout", "1", "bash", "-c", "exec 3<>/dev/tcp/$1/9", "bash",
                vip.Address.ToString()]),
            TestContext.Current.CancellationToken);
        return result.Error.Contains("refused", StringComparison.Ordinal);
    }

    /// <summary>What the client's kernel believes.</summary>
    public async Task<string?> ClientNeighbourAsync(VirtualIp vip)
    {
        var output = await OnAsync("client", "ip", "-j", "neigh", "show", "to", vip.Address.ToString());
        return (string?)System.Text.Json.Nodes.JsonNode.Parse(output)?.AsArray().FirstOrDefault()?["lladdr"];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in Names)
            await ChildProcess.RunAsync(new("ip", ["netns", "del", Namespace(name)]), CancellationToken.None);
        await ChildProcess.RunAsync(new("ip", ["link", "del", Bridge]), CancellationToken.None);
    }

    private async Task BuildAsync()
    {
        await IpAsync("link", "add", Bridge, "type", "bridge");
        await IpAsync("addr", "add", $"{HostAddress(1)}/24", "dev", Bridge);
        await IpAsync("addr", "add", $"fd00:214:{_subnet}::1/64", "dev", Bridge, "nodad");
        await IpAsync("link", "set", Bridge, "up");
        foreach (var (name, number) in Names.Zip([11, 12, 5]))
        {
            var port = $"vip{_id}{name[^1]}";
            await IpAsync("netns", "add", Namespace(name));
            await IpAsync("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", Namespace(name));
            await IpAsync("link", "set", port, "master", Bridge, "up");
            await OnAsync(name, "ip", "link", "set", "lo", "up");
            await OnAsync(name, "ip", "link", "set", "eth0", "up");
            await OnAsync(name, "ip", "addr", "add", $"{HostAddress(number)}/24", "dev", "eth0");
            await OnAsync(name, "ip", "addr", "add", $"fd00:214:{_subnet}::{number}/64", "dev", "eth0", "nodad");
        }
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var result = await ChildProcess.RunAsync(new("ip", arguments), TestContext.Current.CancellationToken);
        Assert.True(result.Ok, $"ip {string.Join(' ', arguments)}: {result.Error}");
    }

    private Fleet Sample()
    {
        var sample = SampleFleet.TwoNodes(withIPv6: true);
        return sample with
        {
            Nodes = [sample.Nodes[0] with { Host = HostAddress(11) }, sample.Nodes[1] with { Host = HostAddress(12) }],
            Vips = [sample.Vips[0] with { Address = VipAddress }, sample.Vips[1] with { Address = VipAddress6 }],
            Witnesses = [new() { Name = "client", Host = HostAddress(5) }],
        };
    }
}
