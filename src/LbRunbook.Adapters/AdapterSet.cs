using LbRunbook.Adapters.Checks;
using LbRunbook.Adapters.Fencing;
using LbRunbook.Adapters.Keepalived;
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
    private readonly OpenSshShell _shell;

    private AdapterSet(Fleet fleet, OpenSshShell shell)
    {
        _shell = shell;
        VirtualIps = new LinuxVirtualIps(shell);
        Services = new NodeServices(shell);
        LoadBalancers = new LoadBalancers(shell);
        Wire = new SegmentWire(fleet, shell);
        HealthChecks = new HealthChecks();
        Fencing = new NodeFencing(VirtualIps, Services);
        Keepalived = new LinuxKeepalived(shell);
    }

    public IVirtualIps VirtualIps { get; }
    public INodeServices Services { get; }
    public ILoadBalancers LoadBalancers { get; }
    public IWire Wire { get; }
    public IHealthChecks HealthChecks { get; }
    public IFencing Fencing { get; }
    public IKeepalived Keepalived { get; }
    public IRemoteShell Shell => _shell;

    public static AdapterSet Open(Fleet fleet) => new(fleet, OpenSshShell.Create(RuntimeDirectory.Default()));

    /// <summary>Leaves the shared connections to the next call: they end by themselves.</summary>
    public ValueTask DisposeAsync() => _shell.DisposeAsync();
}
