using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Claims;

/// <summary>
/// Of many that ask at the same moment, the one that was met on a node may itself be giving up just now: the operator is told of the one
/// that all nodes name, as soon as they agree.
/// </summary>
internal sealed class SettledHolder(Fleet fleet, ILeases leases, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly List<Node> _asked = [.. fleet.Nodes.OrderBy(n => n.Name, StringComparer.Ordinal)];

    /// <param name="met">Who had it where we gave up; the answer as well when nobody has it any more.</param>
    /// <param name="cancellation">Ends the wait with what is known until then.</param>
    public async Task<LockInfo> OfAsync(LockInfo met, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var known = met;
        try
        {
            for (var pause = FirstPause; _asked.Count > 0; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var seen = await ReadAsync(either.Token);
                var held = seen.FindAll(s => s.Reply.State == LeaseState.Others);
                if (held.Count == 0)
                    return met;
                // All take them in this order, so whoever has the first one is the likeliest to get the rest.
                known = LockInfo.Of(held[0].Node, held[0].Reply.Lease);
                if (held.Count == seen.Count && held.All(s => s.Reply.Lease?.Id == held[0].Reply.Lease?.Id))
                    return known;
                await Task.Delay(pause, time, either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // What is known has to do.
        }
        return known;
    }

    /// <summary>A node that cannot be asked, or cannot keep a lease, has no say and is not asked again.</summary>
    private async Task<List<(string Node, LeaseReply Reply)>> ReadAsync(CancellationToken cancellation)
    {
        var seen = await Task.WhenAll(_asked.Select(async n => (Node: n, Reply: await TryReadAsync(n, cancellation))));
        _asked.RemoveAll(n => seen.Any(s => s.Node == n && s.Reply is null or { State: LeaseState.Unusable }));
        return [.. seen.Where(s => _asked.Contains(s.Node)).Select(s => (s.Node.Name, s.Reply!))];
    }

    private async Task<LeaseReply?> TryReadAsync(Node node, CancellationToken cancellation)
    {
        try
        {
            return await leases.ReadAsync(node, fleet.Cluster, cancellation);
        }
        catch (AdapterException)
        {
            return null;
        }
    }
}
