using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

internal sealed class FakeWire(FakeFleet fleet) : IWire
{
    public Task<WireAnswer?> WhoHasAsync(VirtualIp vip, IReadOnlyCollection<string> notFrom, CancellationToken cancellation) =>
        AskAsync(vip.Address, vip.Name, notFrom, cancellation);

    public Task<WireAnswer?> WhoHasAddressAsync(IPAddress address, IReadOnlyCollection<string> notFrom, CancellationToken cancellation) =>
        AskAsync(address, address.ToString(), notFrom, cancellation);

    public Task<IReadOnlyList<WireAnswer>> AskEveryoneAsync(WireQuestion question, int enough, CancellationToken cancellation) =>
        fleet.Faults.CallAsync<IReadOnlyList<WireAnswer>>(new("wire.ask", question.Host), () =>
        [
            .. Everybody.Where(v => !question.NotFrom.Contains(v))
            .Select(v => Answer(IPAddress.Parse(question.Host),
                [.. Everybody.Where(o => o != v), .. question.NotFrom])).OfType<WireAnswer>(),
        ], [], cancellation);

    private IReadOnlyList<string> Everybody =>
        ["here", .. fleet.Fleet.Witnesses.Select(w => w.Name), .. fleet.Fleet.Nodes.Select(n => n.Name)];

    private Task<WireAnswer?> AskAsync(
        IPAddress address, string target, IReadOnlyCollection<string> notFrom, CancellationToken cancellation) =>
        fleet.Faults.CallAsync(new("wire.ask", target), () => Answer(address, notFrom), null, cancellation);

    private WireAnswer? Answer(IPAddress address, IReadOnlyCollection<string> notFrom)
    {
        var vantage = fleet.HereOnSegment && !notFrom.Contains("here") ? "here"
            : fleet.Fleet.Witnesses.FirstOrDefault(w => !notFrom.Contains(w.Name) && !fleet.SilentWitnesses.Contains(w.Name))?.Name
            ?? fleet.Nodes.FirstOrDefault(n => !notFrom.Contains(n.Name) && n.Reach == Reach.Ok && n.OnWire)?.Name;
        if (vantage is null)
            return null;
        // A host does not hear itself: what it holds is in its own addresses.
        var macs = fleet.Nodes
            .Where(n => n.OnWire && n.Name != vantage && n.Addresses.Any(a => !a.Silent && FakeFleet.Same(a.Address, address)))
            .Select(n => n.Mac).Distinct().ToList();
        return new(vantage, macs);
    }
}

internal sealed class FakeHealthChecks(FakeFleet fleet) : IHealthChecks
{
    public Task<CheckResult> CheckAsync(
        HealthCheck check, string host, int defaultPort, TimeSpan timeout, CancellationToken cancellation) =>
        fleet.Faults.CallAsync(new("check", host, check.Port is { } port ? $"{port}" : $"{defaultPort}"),
            () => Result(host, check.Port ?? defaultPort), Ok, cancellation);

    private static CheckResult Ok => new(true, TimeSpan.FromMilliseconds(2), "HTTP 200");

    private CheckResult Result(string host, int port)
    {
        if (IPAddress.TryParse(host, out var address) && fleet.ClientNeighbours.TryGetValue(address, out var mac))
            return Through(address, fleet.Nodes.FirstOrDefault(n => n.Mac == mac));
        if (fleet.Nodes.FirstOrDefault(n => n.Node.Host == host) is { } node)
            return node.Serves ? Ok : node.OnWire ? Refused : NoRoute;
        return fleet.DownTargets.Contains($"{host}:{port}") ? Refused : Ok;
    }

    // The client sends to the MAC it remembers, whether or not the address still lives there.
    private static CheckResult Through(IPAddress address, FakeNode? node) =>
        node is not { OnWire: true } ? NoRoute
        : !node.Addresses.Any(a => FakeFleet.Same(a.Address, address)) ? new(false, TimeSpan.FromSeconds(1), "no answer within 1s")
        : node.Serves ? Ok
        : Refused;

    private static CheckResult Refused => new(false, TimeSpan.FromMilliseconds(1), "connection refused");
    private static CheckResult NoRoute => new(false, TimeSpan.FromMilliseconds(900), "no route to host");
}
