using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>One load-balancer machine of the fake network. Everything may be set by the test.</summary>
internal sealed class FakeNode(Node node, int index)
{
    public Node Node { get; } = node;
    public string Name => Node.Name;
    public string Mac { get; set; } = $"02:00:00:00:00:{index + 1:x2}";
    public List<HeldAddress> Addresses { get; } = [new(node.Interface, node.Host, 24)];

    /// <summary>How SSH fares.</summary>
    public Reach Reach { get; set; } = Reach.Ok;

    /// <summary>The kernel is alive and on the segment: it answers ARP and ND for what it holds.</summary>
    public bool OnWire { get; set; } = true;
    public bool ServiceActive { get; set; } = true;

    /// <summary>Null = nobody knows, as with custom commands.</summary>
    public bool? ServiceEnabled { get; set; } = true;

    public string ProxyVersion { get; set; } = "2.6.12";

    /// <summary>False: the process runs but its admin socket is silent.</summary>
    public bool ProxyAnswers { get; set; } = true;
    /// <summary>Null = keepalived is not used there.</summary>
    public KeepalivedState? Keepalived { get; set; }

    /// <summary>Other managers of addresses there.</summary>
    public IReadOnlyList<AddressOwner> Owners { get; set; } = [];
    public string? ConfigurationError { get; set; }

    /// <summary>The test itself cannot be run.</summary>
    public string? ConfigurationUntested { get; set; }
    public IReadOnlyList<ServerState> Servers { get; set; } = [];

    /// <summary>What the next reload would start with.</summary>
    public IReadOnlyList<ServerState> Kept { get; set; } = [];
    public string? WhyNotKept { get; set; }

    /// <summary>How its pools spread; empty = not told, as nginx does.</summary>
    public IReadOnlyList<PoolBalancing> Balancing { get; set; } = [];

    /// <summary>Servers that the proxy's configuration came with.</summary>
    public IReadOnlyList<string> Configured { get; set; } = [];

    /// <summary>Servers whose line lbctl wrote there.</summary>
    public SortedSet<string> Lines { get; } = new(StringComparer.Ordinal);
    public string? WhyNotWritten { get; set; }

    /// <summary>False: the proxy is bound to other addresses or ports than the VIP's.</summary>
    public bool Listens { get; set; } = true;

    /// <summary>Connections to the node's own address; they count as sessions wherever the VIPs are.</summary>
    public int DirectSessions { get; set; }

    /// <summary>VIP name → established connections.</summary>
    public Dictionary<string, int> Connections { get; } = [];

    /// <summary>The proxy takes connections: running, and its processes are not frozen.</summary>
    public bool Serves => ServiceActive && Listens && ProxyAnswers && OnWire && Reach != Reach.TimedOut;

    /// <summary>Power off: no SSH, no ARP.</summary>
    public void Kill()
    {
        Reach = Reach.Unreachable;
        OnWire = false;
    }

    /// <summary>Processes are frozen but the kernel lives: SSH times out, ARP is answered.</summary>
    public void Freeze() => Reach = Reach.TimedOut;

    /// <summary>Only SSH is cut off; the proxy goes on serving.</summary>
    public void CutSsh() => Reach = Reach.Unreachable;

    public void Heal()
    {
        Reach = Reach.Ok;
        OnWire = true;
    }

    /// <summary>Parts of hand-overs: id → what PrepareAsync was given.</summary>
    public Dictionary<string, HandOverPart> HandOvers { get; } = [];

    /// <summary>HAProxy reads the close map, and whether it is on.</summary>
    public bool HasCloseMap { get; set; } = true;
    public bool Closing { get; set; }

    /// <summary>Whether its workers can be renewed, asked where there is no close map.</summary>
    public WorkerRenewal Renewal { get; set; } = new(null, Keeps: false, Spread: null);

    /// <summary>As nginx tells it: its configuration can let clients go before a reload. Null on HAProxy.</summary>
    public bool? LetsClientsGo { get; set; }

    /// <summary>It answers, but nothing that is changed reaches it.</summary>
    public string? WhyNoChange { get; set; }

    public bool Holds(VirtualIp vip) => Addresses.Any(a => !a.Silent && FakeFleet.Same(a.Address, vip.Address));

    public void Give(VirtualIp vip) => Addresses.Add(new(vip.InterfaceOn(Node), vip.Address.ToString(), vip.PrefixLength));
}
