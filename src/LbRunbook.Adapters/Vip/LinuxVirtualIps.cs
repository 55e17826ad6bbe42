using System.Collections.Concurrent;
using System.Net;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Vip;

/// <summary>Addresses on Linux nodes, through iproute2.</summary>
internal sealed class LinuxVirtualIps(IRemoteShell shell) : IVirtualIps
{
    private readonly ConcurrentDictionary<(string Node, string Interface), string> _macs = new();
    private readonly Announcer _announcer = new(shell);

    public async Task<IReadOnlyList<HeldAddress>> ReadAsync(Node node, CancellationToken cancellation) =>
        (await ReadAllAsync(node, cancellation)).Addresses;

    public async Task AddAsync(Node node, VirtualIp vip, CancellationToken cancellation)
    {
        var device = vip.InterfaceOn(node);
        if (vip.IsIPv6)
        {
            // "replace" leaves a failed duplicate detection as it is, and the address unusable.
            foreach (var failed in (await FindAsync(node, vip, cancellation)).Where(a => a.DadFailed))
                await RunAsync(node, AddressCommands.Remove(Cidr(failed), failed.Interface), cancellation);
        }
        await RunAsync(node, AddressCommands.Add(vip, device), cancellation);
    }

    public async Task RemoveAsync(Node node, VirtualIp vip, CancellationToken cancellation)
    {
        var all = await ReadAsync(node, cancellation);
        // Secondary ones first: they are gone by themselves when their primary goes.
        foreach (var held in all.Where(a => !a.Silent && Is(a, vip.Address)).OrderByDescending(a => a.Secondary))
        {
            var dependants = all.Any(a => a.Secondary && a.Interface == held.Interface && !Is(a, vip.Address) && SameSubnet(a, held));
            var result = await shell.RunAsync(RemoteHost.Of(node), Removal(node, held, !held.Secondary && dependants), cancellation);
            if (!result.Ok && (await FindAsync(node, vip, cancellation))
                .Any(a => a.Interface == held.Interface && a.PrefixLength == held.PrefixLength))
                throw RemoteFailure.Of(RemoteHost.Of(node), "ip addr del", result);
        }
    }

    public Task AnnounceAsync(Node node, VirtualIp vip, CancellationToken cancellation) =>
        _announcer.AnnounceAsync(node, vip, cancellation);

    public Task QuietAsync(Node node, VirtualIp vip, CancellationToken cancellation) =>
        _announcer.QuietAsync(node, vip, cancellation);

    public async Task<string> MacAsync(Node node, string interfaceName, CancellationToken cancellation)
    {
        if (_macs.TryGetValue((node.Name, interfaceName), out var known))
            return known;
        var read = await ReadAllAsync(node, cancellation);
        return read.Macs.TryGetValue(interfaceName, out var mac)
            ? mac
            : throw new AdapterException(node.Name, "ip addr",
                $"{node.Name} has no Ethernet interface {interfaceName}; it has {string.Join(", ", read.Macs.Keys)}");
    }

    public async Task<bool> ListensAsync(Node node, VirtualIp vip, int port, CancellationToken cancellation)
    {
        var listed = await RunAsync(node, new("ss", "-Htln", $"sport = :{port}"), cancellation);
        return SocketList.Parse(listed).Any(l => SocketList.Accepts(l, vip.Address, vip.InterfaceOn(node)));
    }

    public async Task<int> SessionsAsync(Node node, int port, CancellationToken cancellation)
    {
        var held = ReadAsync(node, cancellation);
        var listed = RunAsync(node, new("ss", "-Htn", "state", "established", $"sport = :{port}"), cancellation);
        await Task.WhenAll(held, listed);
        var addresses = held.Result.Select(a => IPAddress.Parse(a.Address)).ToHashSet();
        return SocketList.Parse(await listed).Count(s => s.Address is { } local && addresses.Contains(local));
    }

    public async Task<int> ConnectionsAsync(Node node, VirtualIp vip, CancellationToken cancellation)
    {
        // Filtered here rather than by ss: its "src" does not see IPv4 connections of a dual-stack listener.
        // One that is closing may have its last data still on the way; in FIN-WAIT-2 and TIME-WAIT all of it has arrived.
        string[] states = ["established", "syn-recv", "fin-wait-1", "close-wait", "closing", "last-ack"];
        var listed = await RunAsync(node, new(["ss", "-Htn", .. states.SelectMany(s => (string[])["state", s])]), cancellation);
        return SocketList.Parse(listed).Count(s => vip.Address.Equals(s.Address));
    }

    private async Task<IpAddrJson> ReadAllAsync(Node node, CancellationToken cancellation)
    {
        var output = await RunAsync(node, new("ip", "-j", "addr"), cancellation);
        try
        {
            var read = IpAddrJson.Parse(output);
            foreach (var (name, mac) in read.Macs)
                _macs[(node.Name, name)] = mac;
            return read;
        }
        catch (FormatException e)
        {
            throw new AdapterException(node.Name, "ip addr", $"{e.Message} on {node.Name}: it needs iproute2 4.13 or later", inner: e);
        }
    }

    private async Task<IEnumerable<HeldAddress>> FindAsync(Node node, VirtualIp vip, CancellationToken cancellation) =>
        (await ReadAsync(node, cancellation)).Where(a => !a.Silent && Is(a, vip.Address));

    /// <summary>
    /// Deleting the primary address of a subnet deletes its secondaries with it, which may be the node's own address:
    /// the kernel is told to promote them while this one goes.
    /// </summary>
    private static RemoteCommand Removal(Node node, HeldAddress held, bool promote) => promote
        ? RemoteCommand.Script(EmbeddedScript.Read("remove-primary.sh"), Cidr(held), held.Interface, node.Ssh.Sudo ? "sudo" : "")
        : AddressCommands.Remove(Cidr(held), held.Interface);

    private async Task<string> RunAsync(Node node, RemoteCommand command, CancellationToken cancellation)
    {
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host, command, cancellation);
        return result.Ok ? result.Output : throw RemoteFailure.Of(host, string.Join(' ', command.Arguments.Take(3)), result);
    }

    private static string Cidr(HeldAddress held) => $"{held.Address}/{held.PrefixLength}";

    // Compared as addresses, never as text: 10.0.0.10 is not 10.0.0.100, and fd00::1 has many spellings.
    private static bool Is(HeldAddress held, IPAddress address) =>
        IPAddress.TryParse(held.Address, out var parsed) && parsed.Equals(address);

    private static bool SameSubnet(HeldAddress a, HeldAddress b) =>
        a.PrefixLength == b.PrefixLength && IPAddress.TryParse(a.Address, out var one) && IPAddress.TryParse(b.Address, out var other)
        && one.AddressFamily == other.AddressFamily && new IPNetwork(Masked(one, a.PrefixLength), a.PrefixLength).Contains(other);

    private static IPAddress Masked(IPAddress address, int prefixLength)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefixLength; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new(bytes);
    }
}
