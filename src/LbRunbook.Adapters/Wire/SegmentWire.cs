using System.Net;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Wire;

/// <summary>
/// Who answers for an address on the segment: asked from here when this machine is on it, else from witnesses,
/// else from other nodes. Later vantage points start while earlier ones still wait, so that a dead host costs nothing.
/// </summary>
internal sealed class SegmentWire(Fleet fleet, IRemoteShell shell) : IWire
{
    public const string Here = "here";
    private readonly RemoteSegment _remote = new(shell);

    /// <summary>Off where tests ask other hosts on purpose.</summary>
    public bool MayAskFromHere { get; init; } = true;

    public Task<WireAnswer?> WhoHasAsync(VirtualIp vip, IReadOnlyCollection<string> notFrom, CancellationToken cancellation) =>
        AskAsync(vip.Address, vip.InterfaceOn, notFrom, cancellation);

    public Task<WireAnswer?> WhoHasAddressAsync(IPAddress address, IReadOnlyCollection<string> notFrom, CancellationToken cancellation) =>
        AskAsync(address, n => n.Interface, notFrom, cancellation);

    public async Task<IReadOnlyList<WireAnswer>> AskEveryoneAsync(WireQuestion question, int enough, CancellationToken cancellation)
    {
        if (await Everyone.ResolveAsync(question.Host, cancellation) is not { } address)
            return [];
        var asking = new List<(string, Func<CancellationToken, Task<IReadOnlyList<string>?>>)>();
        if (await HereAsync(address, question.NotFrom, cancellation) is { } route)
            asking.Add((Here, t => LocalSegment.AskAsync(route.Interface, address, t)));
        foreach (var witness in fleet.Witnesses.Where(w => !question.NotFrom.Contains(w.Name)))
            asking.Add((witness.Name, t => _remote.AskAsync(RemoteHost.Of(witness), witness.Interface, address, t)));
        foreach (var node in fleet.Nodes.Where(n => !question.NotFrom.Contains(n.Name)))
            asking.Add((node.Name, t => _remote.AskAsync(RemoteHost.Of(node), question.Interface ?? node.Interface, address, t)));
        return await Everyone.HearAsync(asking, enough, question.ForTheRest, cancellation);
    }

    private async Task<WireAnswer?> AskAsync(
        IPAddress address, Func<Node, string> interfaceOn, IReadOnlyCollection<string> notFrom, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var started = System.Diagnostics.Stopwatch.StartNew();
        limit.CancelAfter(WireTiming.Limit);
        var route = await HereAsync(address, notFrom, cancellation);

        var pending = new List<Task<Heard>>();
        if (route is not null)
            pending.Add(FromAsync(Here, TimeSpan.Zero, t => LocalSegment.AskAsync(route.Interface, address, t), limit.Token));
        var delay = route is null ? TimeSpan.Zero : WireTiming.Stagger;
        foreach (var witness in fleet.Witnesses.Where(w => !notFrom.Contains(w.Name)))
            pending.Add(FromAsync(witness.Name, delay, t => _remote.AskAsync(RemoteHost.Of(witness), witness.Interface, address, t),
                limit.Token));
        if (pending.Count > (route is null ? 0 : 1))
            delay += WireTiming.Stagger;
        foreach (var node in fleet.Nodes.Where(n => !notFrom.Contains(n.Name)))
            pending.Add(FromAsync(node.Name, delay, t => _remote.AskAsync(RemoteHost.Of(node), interfaceOn(node), address, t),
                limit.Token));

        string? silentFrom = null;
        while (pending.Count > 0)
        {
            var next = await Task.WhenAny(pending);
            pending.Remove(next);
            var heard = await next;
            if (heard.Macs is { Count: > 0 } macs)
            {
                await limit.CancelAsync();
                return new(heard.Vantage, macs);
            }
            if (heard.Macs is not null && silentFrom is null)
            {
                // One host's silence may be its own broken link: the others that are on their way may still object.
                silentFrom = heard.Vantage;
                var left = WireTiming.SilenceLimit - started.Elapsed;
                limit.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
        }
        cancellation.ThrowIfCancellationRequested();
        return silentFrom is null ? null : new(silentFrom, []);
    }

    private async Task<LocalRoute?> HereAsync(IPAddress address, IReadOnlyCollection<string> notFrom, CancellationToken cancellation)
    {
        if (!MayAskFromHere || notFrom.Contains(Here))
            return null;
        var route = await LocalRoute.ToAsync(address, cancellation);
        if (route is not { OnLink: true })
            return null;
        // On a load balancer itself, "here" is that node: no third party, and deaf to its own address.
        return fleet.Nodes.Any(n => notFrom.Contains(n.Name) && IPAddress.TryParse(n.Host, out var host) && OwnAddress.Is(host))
            ? null
            : route;
    }

    /// <summary>Ends with the limit even if the asked one does not: what it left behind dies on its own.</summary>
    private static async Task<Heard> FromAsync(
        string vantage, TimeSpan delay, Func<CancellationToken, Task<IReadOnlyList<string>?>> ask, CancellationToken limit)
    {
        try
        {
            await Task.Delay(delay, limit);
            return new(vantage, await ask(limit).WaitAsync(limit));
        }
        catch (OperationCanceledException)
        {
            return new(vantage, null);
        }
    }

    private sealed record Heard(string Vantage, IReadOnlyList<string>? Macs);
}
