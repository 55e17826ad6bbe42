using System.Collections.Concurrent;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Claims;

/// <summary>Keeps a lease alive on the nodes that have it, and knows when it is lost. Once lost it stays lost.</summary>
/// <param name="warn">Says so at once, once.</param>
internal sealed class LeaseRenewal(Fleet fleet, ILeases leases, LeaseClaim claim, TimeProvider time, Action<string> warn) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    // From before the taking: to believe in less time than there is harms nobody.
    private long _confirmed = time.GetTimestamp();
    private volatile string? _lost;
    private ConcurrentDictionary<string, string> _held = [];

    /// <summary>How; null = it is not.</summary>
    public string? Lost => _lost;

    /// <summary>Since any node last said that it is ours; nothing held = nothing can run out.</summary>
    public TimeSpan Age => _held.IsEmpty ? TimeSpan.Zero : time.GetElapsedTime(Interlocked.Read(ref _confirmed));

    /// <summary>Renews three times in its time to live until it is lost or given back.</summary>
    public async Task RunAsync(Task<LeaseTaken> taking, CancellationToken stop)
    {
        _held = (await taking).Held;
        try
        {
            while (_lost is null)
            {
                await Task.Delay(claim.TimeToLive / 3, time, stop);
                await RenewAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // It is given back.
        }
    }

    public async Task RenewAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var asked = time.GetTimestamp();
            // Nobody waits for a silent node longer than the lease may be uncertain.
            using var late = new CancellationTokenSource(claim.TimeToLive / 3, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
            var renewed = await Task.WhenAll(_held.Select(h => OnNodeAsync(h.Key, h.Value, limit.Token)));
            if (renewed.Any(r => r))
                Interlocked.Exchange(ref _confirmed, asked);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<bool> OnNodeAsync(string name, string boot, CancellationToken cancellation)
    {
        try
        {
            var reply = await leases.RenewAsync(fleet.Node(name), claim, boot, cancellation);
            if (reply.State is LeaseState.Others)
                Lose($"the lease was taken over by {LockInfo.Of(name, reply.Lease)}");
            else if (reply.State is LeaseState.Gone)
                Lose($"the lease was taken away on {name} (lbctl unlock)");
            return reply.State == LeaseState.Ours;
        }
        catch (Exception e) when (e is AdapterException or OperationCanceledException)
        {
            // A node that dies in the middle of an emergency is what this is about: it counts when no node is left.
            return false;
        }
    }

    private void Lose(string how)
    {
        if (Interlocked.CompareExchange(ref _lost, $"{how}; nothing more is changed by this run", null) is null)
            warn(_lost!);
    }
}
