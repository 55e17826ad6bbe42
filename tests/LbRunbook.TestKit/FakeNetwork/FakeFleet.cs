using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>
/// A fleet in memory behind the ports: nodes with addresses, services and proxies on one segment, a client with a
/// neighbour cache that only announcements change. VIPs start on the first node. The same contract tests run on it
/// and on real kernels.
/// </summary>
internal sealed class FakeFleet : IPorts
{
    private readonly Dictionary<string, FakeNode> _nodes;

    public FakeFleet(Fleet fleet)
    {
        Fleet = fleet;
        _nodes = fleet.Nodes.Select((n, i) => new FakeNode(n, i)).ToDictionary(n => n.Name);
        foreach (var standby in fleet.Pools.SelectMany(p => p.Emergency))
            _nodes[standby.Name] = new(new() { Name = standby.Name, Host = standby.Host, Proxy = ProxyKind.Haproxy }, _nodes.Count)
            {
                ServiceActive = false,
            };
        foreach (var vip in fleet.Vips)
        {
            Nodes[0].Give(vip);
            ClientNeighbours[vip.Address] = Nodes[0].Mac;
        }
        VirtualIps = new FakeVirtualIps(this);
        Services = new FakeNodeServices(this);
        Wire = new FakeWire(this);
        HealthChecks = new FakeHealthChecks(this);
        Keepalived = new FakeKeepalived(this);
        Fencing = new FakeFencing(this);
        HandOver = new FakeHandOver(this);
        BackendHosts = new FakeBackendHosts(this);
    }

    public Fleet Fleet { get; }
    public FakeFaults Faults { get; } = new();
    public FakeNode this[string name] => _nodes[name];
    public IReadOnlyList<FakeNode> Nodes => [.. Fleet.Nodes.Select(n => _nodes[n.Name])];

    /// <summary>What the client believes: VIP → MAC. It sends there until an announcement tells it otherwise.</summary>
    public Dictionary<IPAddress, string> ClientNeighbours { get; } = [];

    /// <summary>Backends ("host:port") that do not answer.</summary>
    public HashSet<string> DownTargets { get; } = [];

    /// <summary>This machine is on the segment; else witnesses, then nodes are asked.</summary>
    public bool HereOnSegment { get; set; } = true;

    /// <summary>Witnesses that do not answer.</summary>
    public HashSet<string> SilentWitnesses { get; } = [];

    public IVirtualIps VirtualIps { get; }
    public INodeServices Services { get; }
    public IWire Wire { get; }
    public IHealthChecks HealthChecks { get; }
    public FakeKeepalived Keepalived { get; }
    IKeepalived IPorts.Keepalived => Keepalived;
    public FakeFencing Fencing { get; }
    IFencing IPorts.Fencing => Fencing;
    public FakeLeases LeasesOfNodes { get; } = new();
    public ILeases Leases => LeasesOfNodes;

    public IBalancer Balancer(string place) => new FakeBalancer(this, _nodes[place].Node);

    /// <summary>The fence is tried where it is: on the real script.</summary>
    public IPorts Behind(LeaseFence fence) => this;
    public IHandOver HandOver { get; }
    public FakeBackendHosts BackendHosts { get; }
    IBackendHosts IPorts.BackendHosts => BackendHosts;
    public ICircuits Circuits { get; } = new FakeCircuits();

    /// <summary>Nodes that hold the VIP, by their own kernels.</summary>
    public IReadOnlyList<string> HoldersOf(string vip) =>
        [.. Nodes.Where(n => n.Holds(Fleet.Vip(vip))).Select(n => n.Name)];

    /// <summary>Answers its check: a backend that stands by does so once it is started.</summary>
    public bool IsWell(Backend backend) =>
        !DownTargets.Contains($"{backend.Host}:{backend.Port}") && (!_nodes.TryGetValue(backend.Name, out var host) || host.ServiceActive);

    /// <summary>Calls on a node fail like SSH would, before anything else happens.</summary>
    internal Task<T> OnNodeAsync<T>(
        string operation, Machine node, string? subject, Func<FakeNode, T> effect, T pretended, CancellationToken cancellation)
    {
        var target = _nodes[node.Name];
        return Faults.CallAsync(new(operation, node.Name, subject), () =>
        {
            if (target.Reach != Reach.Ok)
                throw new AdapterException(node.Name, operation, $"{node.Name} ({node.Host}): ssh {target.Reach}", target.Reach,
                    isTransient: target.Reach == Reach.TimedOut);
            return effect(target);
        }, pretended, cancellation);
    }

    internal static bool Same(string text, IPAddress address) => IPAddress.TryParse(text, out var parsed) && parsed.Equals(address);
}
