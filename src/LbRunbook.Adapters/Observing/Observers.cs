using LbRunbook.Adapters.Checks;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Observing;

/// <summary>What a look looks with.</summary>
internal sealed record Observers(IRemoteShell Shell, INodeServices Services, ILoadBalancers LoadBalancers, IWire Wire, IHealthChecks Checks)
{
    public TcpSign Tcp { get; init; } = TcpSigns.AskAsync;
    /// <summary>All who could be asked about the wire besides us; the observer fills it in from the fleet.</summary>
    public IReadOnlyList<string> EverybodyElse { get; init; } = [];
    public RouterSign Router { get; init; } = SurroundingsLook.RouterToAsync;
    public AffinityAsk Affinity { get; init; } = AffinityRequest.SendAsync;
    public TlsGlimpse Tls { get; init; } = TlsGlimpses.LookAsync;
}
