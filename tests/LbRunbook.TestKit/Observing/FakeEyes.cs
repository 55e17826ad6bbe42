using System.Net;
using LbRunbook.Adapters.Checks;
using LbRunbook.Adapters.Observing;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.Observing;

/// <summary>
/// Everything that an observer looks with, answering at once for the healthy <see cref="Sample.Fleet"/>; tests replace single answers.
/// </summary>
internal sealed class FakeEyes : IRemoteShell, INodeServices, IWire, IHealthChecks
{
    public Func<string, CancellationToken, Task<RemoteResult>> OnLogin { get; init; } = (host, _) =>
        Task.FromResult(new RemoteResult(0, Output(host), "", TimeSpan.Zero));
    public Func<string, CancellationToken, Task<bool>> OnTcp { get; init; } = (_, _) => Task.FromResult(true);
    public Func<IPAddress, IReadOnlyCollection<string>, WireAnswer?> OnWire { get; init; } = (_, _) => new("here", ["52:54:00:00:00:11"]);
    public Func<string, CancellationToken, Task<CheckResult>> OnCheck { get; init; } = (_, _) => Task.FromResult(Sample.Good(1));
    public List<string> WireQuestions { get; } = [];

    public FleetObserver Observer() =>
        new(new(this, this, ReadProxyAsync, this, this) { Tcp = (host, _, t) => OnTcp(host, t) }, TimeProvider.System);

    public Observers With(AffinityAsk ask) => new(this, this, ReadProxyAsync, this, this)
    {
        Tcp = (host, _, t) => OnTcp(host, t),
        Affinity = ask,
    };

    public static async Task<T> Never<T>(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException("unreachable");
    }

    /// <summary>What <c>look.sh</c> prints on a healthy node.</summary>
    public static string Output(string host)
    {
        var node = Sample.Fleet.Nodes.First(n => n.Host == host);
        var vip = node.Name == "lb1" ? ""","local2":0},{"family":"inet","local":"10.0.0.100","prefixlen":32""" : "";
        var checks = string.Join('\n', Sample.Fleet.Pools[0].Backends.Select(b => $"==check== web/{b.Name}\t1\tok\tHTTP/1.1 200 OK\t0"));
        return $$"""

            ==lbctl== addr
            [{"ifname":"eth0","link_type":"ether","flags":["UP"],"address":"52:54:00:00:00:{{host[^2..]}}","addr_info":[{"family":"inet","local":"{{host}}","prefixlen":24{{vip}}}]}]

            ==lbctl== service
            MainPID=812
            Result=success
            Id=haproxy.service
            LoadState=loaded
            ActiveState=active
            SubState=running
            UnitFileState=enabled

            Id=keepalived.service
            LoadState=not-found
            ActiveState=inactive

            ==lbctl== hash
            {{new string('a', 64)}}  -

            ==lbctl== fingerprint
            {{checks}}
            {{new string('b', 64)}}  -

            ==lbctl== certificates

            ==lbctl== memory
            MemTotal:        1000000 kB
            MemAvailable:     750000 kB

            ==lbctl== disks
            Filesystem     1024-blocks     Used Available Capacity Mounted on
            tmpfs                  100      100         0     100% /run
            /dev/vda           1000000   400000    600000      40% /
            /dev/vdb           1000000   620000    380000      62% /var log

            ==lbctl== load
            0.12 0.10 0.09 1/100 4711

            ==lbctl== cpu
            cpu  100 0 100 800 0 0 0 0 0 0
            2
            cpu  110 0 110 860 20 0 0 0 0 0

            ==lbctl== end
            """;
    }

    public Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation) =>
        OnLogin(host.Host, cancellation);

    public Task<string> ExchangeAsync(
        RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation) =>
        throw new InvalidOperationException("the proxies are faked, not their sockets");

    public async Task<ProxyState> ReadProxyAsync(string node, CancellationToken cancellation)
    {
        // As the real one: it needs the same login.
        await OnLogin(Sample.Fleet.Node(node).Host, cancellation);
        return Sample.Healthy.Node(node).Proxy!;
    }

    public Task<WireAnswer?> WhoHasAsync(VirtualIp vip, IReadOnlyCollection<string> notFrom, CancellationToken cancellation) =>
        Ask(vip.Address, notFrom);
    public Task<WireAnswer?> WhoHasAddressAsync(IPAddress address, IReadOnlyCollection<string> notFrom, CancellationToken cancellation) =>
        Ask(address, notFrom);

    public async Task<IReadOnlyList<WireAnswer>> AskEveryoneAsync(WireQuestion question, int enough, CancellationToken cancellation) =>
        await Ask(IPAddress.Parse(question.Host), question.NotFrom) is { } answer ? [answer] : [];

    private Task<WireAnswer?> Ask(IPAddress address, IReadOnlyCollection<string> notFrom)
    {
        lock (WireQuestions)
            WireQuestions.Add($"{address} not from {string.Join(',', notFrom)}");
        return Task.FromResult(OnWire(address, notFrom));
    }

    public Task<CheckResult> CheckAsync(
        HealthCheck check, string host, int defaultPort, TimeSpan timeout, CancellationToken cancellation) => OnCheck(host, cancellation);

    Task<ServiceState> INodeServices.ReadAsync(ServiceHost host, CancellationToken cancellation) => throw new NotSupportedException();
    Task INodeServices.StartAsync(ServiceHost host, CancellationToken cancellation) => throw new NotSupportedException();
    Task INodeServices.StopAsync(ServiceHost host, CancellationToken cancellation) => throw new NotSupportedException();
    Task INodeServices.SetEnabledAsync(ServiceHost host, bool enabled, CancellationToken cancellation) => throw new NotSupportedException();
}
