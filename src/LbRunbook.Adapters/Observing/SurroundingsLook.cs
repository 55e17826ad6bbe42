using LbRunbook.Adapters.Wire;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Observing;

/// <summary>The router between us and a host, null = none, or none that can be told. Replaceable in tests.</summary>
internal delegate Task<string?> RouterSign(string host, CancellationToken cancellation);

/// <summary>What else this machine reaches, asked only when it reached no node: is it them, or us?</summary>
internal static class SurroundingsLook
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<SurroundingHost>> TakeAsync(Observers with, Fleet fleet, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var looks = fleet.Witnesses.Where(w => w.Ssh.Jump is null)
            .Select(w => TcpAsync(with, w.Name, w.Host, w.Ssh.Port ?? 22, limit.Token))
            .Concat(fleet.Nodes.Select(n => n.Ssh.Jump).OfType<string>().Distinct().Select(j => JumpAsync(with, j, limit.Token)))
            .Append(RouterAsync(with, fleet.Nodes[0], limit.Token));
        return [.. (await Task.WhenAll(looks)).OfType<SurroundingHost>()];
    }

    public static async Task<string?> RouterToAsync(string host, CancellationToken cancellation) =>
        await Everyone.ResolveAsync(host, cancellation) is { } address
            && await LocalRoute.ToAsync(address, cancellation) is { Gateway: { } gateway } ? gateway : null;

    private static async Task<SurroundingHost?> TcpAsync(Observers with, string name, string host, int port, CancellationToken limit) =>
        new(name, await with.Tcp(host, port, limit));

    /// <summary>The first hop of <c>[user@]host[:port][,…]</c>: without it there is no way to anybody behind.</summary>
    private static Task<SurroundingHost?> JumpAsync(Observers with, string jump, CancellationToken limit)
    {
        var hop = jump.Split(',')[0];
        hop = hop[(hop.LastIndexOf('@') + 1)..];
        var uri = new Uri($"ssh://{hop}");
        return TcpAsync(with, $"jump host {hop}", uri.Host, uri.Port > 0 ? uri.Port : 22, limit);
    }

    private static async Task<SurroundingHost?> RouterAsync(Observers with, Node node, CancellationToken limit)
    {
        try
        {
            // On the wire, since a router seldom answers anything else; only we are asked, the rest is not reached anyway.
            if (node.Ssh.Jump is not null || await with.Router(node.Host, limit) is not { } router)
                return null;
            var heard = await with.Wire.AskEveryoneAsync(new(router, null, with.EverybodyElse), 1, limit);
            return heard is [] ? null : new($"router {router}", heard.Any(a => a.Macs.Count > 0));
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
