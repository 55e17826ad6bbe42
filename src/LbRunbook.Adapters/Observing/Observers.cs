using LbRunbook.Adapters.Checks;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Observing;

/// <summary>What a look looks with.</summary>
/// <param name="Proxy">What the proxy of the node of that name says of itself.</param>
internal sealed record Observers(
    IRemoteShell Shell, INodeServices Services, Func<string, CancellationToken, Task<ProxyState>> Proxy, IWire Wire, IHealthChecks Checks)
{
    public TcpSign Tcp { get; init; } = TcpSigns.AskAsync;
    /// <summary>All who could be asked about the wire besides us; the observer fills it in from the fleet.</summary>
    public IReadOnlyList<string> EverybodyElse { get; init; } = [];
    public RouterSign Router { get; init; } = SurroundingsLook.RouterToAsync;
    public AffinityAsk Affinity { get; init; } = AffinityRequest.SendAsync;
    public TlsGlimpse Tls { get; init; } = TlsGlimpses.LookAsync;
}
