using LbRunbook.Adapters.Checks;
using LbRunbook.Adapters.Fencing;
using LbRunbook.Adapters.HandOver;
using LbRunbook.Adapters.Keepalived;
using LbRunbook.Adapters.Leases;
using LbRunbook.Adapters.Services;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Adapters.Vip;
using LbRunbook.Adapters.Wire;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters;

/// <summary>The real world behind the ports, wired by hand; one per process and fleet. Opening it contacts nobody.</summary>
internal sealed class AdapterSet : IPorts, IAsyncDisposable
{
    private readonly Fleet _fleet;
    private readonly Connections _connections;

    private AdapterSet(Fleet fleet, ICircuits circuits, Connections connections, IRemoteShell shell)
    {
        _fleet = fleet;
        Circuits = circuits;
        _connections = connections;
        Shell = shell;
        VirtualIps = new LinuxVirtualIps(shell);
        Services = new NodeServices(shell);
        Wire = new SegmentWire(fleet, shell);
        HealthChecks = new HealthChecks();
        Keepalived = new LinuxKeepalived(shell);
        Leases = new NodeLeases(connections);
        Fencing = new NodeFencing(VirtualIps, Keepalived);
        HandOver = new SecondChance(shell);
        BackendHosts = new BackendHosts(shell);
    }

    public IVirtualIps VirtualIps { get; }
    public INodeServices Services { get; }
    public IWire Wire { get; }
    public IHealthChecks HealthChecks { get; }
    public IFencing Fencing { get; }
    public IKeepalived Keepalived { get; }
    public ILeases Leases { get; }
    public IHandOver HandOver { get; }
    public IBackendHosts BackendHosts { get; }
    public ICircuits Circuits { get; }
    public IRemoteShell Shell { get; }

    /// <param name="circuits">Where failed repairs are counted.</param>
    /// <param name="client">For every host; null = as the configuration says.</param>
    public static AdapterSet Open(Fleet fleet, ICircuits circuits, SshClientKind? client = null)
    {
        var connections = Connections.Open(client);
        return new(fleet, circuits, connections, connections);
    }

    public IBalancer Balancer(string place) => Balancers.Of(_fleet.Node(place), Shell);

    public IPorts Behind(LeaseFence fence) => new AdapterSet(_fleet, Circuits, _connections, new FencedShell(_connections, fence));

    /// <summary>Leaves the shared connections to the next call: they end by themselves.</summary>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();
}
