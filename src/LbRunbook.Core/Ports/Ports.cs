using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Ports;

/// <summary>
/// Everything a step may touch, one small interface a capability. Implementations throw
/// <see cref="AdapterException"/> and nothing else for what goes wrong out there.
/// </summary>
public interface IPorts
{
    IVirtualIps VirtualIps { get; }
    INodeServices Services { get; }
    IWire Wire { get; }
    IHealthChecks HealthChecks { get; }
    IHandOver HandOver { get; }
    IFencing Fencing { get; }
    IKeepalived Keepalived { get; }
    ILeases Leases { get; }
    IBackendHosts BackendHosts { get; }
    ICircuits Circuits { get; }

    /// <summary>What spreads traffic over servers in that place: the name of a load-balancer machine.</summary>
    IBalancer Balancer(string place);

    /// <summary>
    /// The same world for changes: every command on a node that the fence names is refused there unless the lease is still ours.
    /// </summary>
    IPorts Behind(LeaseFence fence);
}

/// <summary>Addresses on a node's interfaces. Never used on a VIP that a running keepalived owns.</summary>
public interface IVirtualIps
{
    /// <summary>All addresses of the node, read from its kernel.</summary>
    Task<IReadOnlyList<HeldAddress>> ReadAsync(Node node, CancellationToken cancellation);

    /// <summary>Idempotent. IPv6 is added with <c>nodad</c>, so that it serves at once.</summary>
    Task AddAsync(Node node, VirtualIp vip, CancellationToken cancellation);

    /// <summary>Idempotent; removes every prefix length under which the address is held.</summary>
    Task RemoveAsync(Node node, VirtualIp vip, CancellationToken cancellation);

    /// <summary>
    /// Gratuitous ARP (request and reply form) or unsolicited NA now; the node itself repeats it after 1 s and 5 s
    /// as long as it still holds the address, even if this process is gone by then.
    /// </summary>
    Task AnnounceAsync(Node node, VirtualIp vip, CancellationToken cancellation);

    /// <summary>
    /// Ends the repeats of an earlier announcement there: one that fires while the address is on its way to another node
    /// would call the clients back for a moment, and they would stay when the address is gone.
    /// </summary>
    Task QuietAsync(Node node, VirtualIp vip, CancellationToken cancellation);

    /// <summary>MAC of an interface, lower case with colons; cached for the run, a MAC does not change under us.</summary>
    Task<string> MacAsync(Node node, string interfaceName, CancellationToken cancellation);

    /// <summary>A TCP listener on that port would accept connections to the VIP, whether or not the node holds it now.</summary>
    Task<bool> ListensAsync(Node node, VirtualIp vip, int port, CancellationToken cancellation);

    /// <summary>
    /// Established TCP connections to a local port, counting only those to addresses that the node still holds:
    /// what hangs on an address that has moved away can never finish.
    /// </summary>
    Task<int> SessionsAsync(Node node, int port, CancellationToken cancellation);

    /// <summary>TCP connections to the VIP on that node that may still carry data.</summary>
    Task<int> ConnectionsAsync(Node node, VirtualIp vip, CancellationToken cancellation);
}

public interface INodeServices
{
    Task<ServiceState> ReadAsync(ServiceHost host, CancellationToken cancellation);
    Task StartAsync(ServiceHost host, CancellationToken cancellation);
    Task StopAsync(ServiceHost host, CancellationToken cancellation);

    /// <summary>Start at boot or not; a no-op where the service is not systemd's.</summary>
    Task SetEnabledAsync(ServiceHost host, bool enabled, CancellationToken cancellation);
}

/// <summary>What a third party sees on the network segment.</summary>
public interface IWire
{
    /// <summary>
    /// Asks who has the VIP, from a vantage point that is neither of <paramref name="notFrom"/> if there is one.
    /// At most about 300 ms. A null answer means that nobody on the segment could ask.
    /// </summary>
    Task<WireAnswer?> WhoHasAsync(VirtualIp vip, IReadOnlyCollection<string> notFrom, CancellationToken cancellation);

    /// <summary>The same question about any address on the segment, for example a node's own: does its kernel still live?</summary>
    Task<WireAnswer?> WhoHasAddressAsync(IPAddress address, IReadOnlyCollection<string> notFrom, CancellationToken cancellation);

    /// <summary>
    /// What every vantage point hears for itself, asked at once. Waits for <paramref name="enough"/> of them (2 s at most),
    /// then only a little longer for the rest. Who could not ask is not in it.
    /// </summary>
    Task<IReadOnlyList<WireAnswer>> AskEveryoneAsync(WireQuestion question, int enough, CancellationToken cancellation);
}

/// <param name="Host">Whom to look for: an address, or a name that has one.</param>
/// <param name="Interface">On which interface nodes ask; null = each on its own.</param>
/// <param name="NotFrom">Who is not asked: "here", or names.</param>
public sealed record WireQuestion(string Host, string? Interface, IReadOnlyCollection<string> NotFrom)
{
    /// <summary>What the rest gets when enough have answered, beyond the 200 ms that everybody has.</summary>
    public TimeSpan ForTheRest { get; init; }
}

/// <param name="Vantage">"here", or the name of the host that asked.</param>
/// <param name="Macs">Distinct MACs that answered, lower case with colons; empty = silence.</param>
public sealed record WireAnswer(string Vantage, IReadOnlyList<string> Macs);

public interface IHealthChecks
{
    /// <summary>One attempt from this machine. Never throws for an unhealthy target.</summary>
    Task<CheckResult> CheckAsync(HealthCheck check, string host, int defaultPort, TimeSpan timeout, CancellationToken cancellation);
}

/// <summary>
/// Something out there did not work. <see cref="Exception.Message"/> is one sentence an operator can act on, without secrets.
/// </summary>
public sealed class AdapterException : Exception
{
    public AdapterException(
        string target, string operation, string message, Reach reach = Reach.Failed, bool isTransient = false, Exception? inner = null)
        : base(message, inner)
    {
        Target = target;
        Operation = operation;
        Reach = reach;
        IsTransient = isTransient;
    }

    /// <summary>Node, VIP or endpoint.</summary>
    public string Target { get; }

    /// <summary>What was tried: "ip addr add", "show stat".</summary>
    public string Operation { get; }
    public Reach Reach { get; }

    /// <summary>Worth another attempt by the caller.</summary>
    public bool IsTransient { get; }
}
