using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Runs.Locking;

/// <summary>
/// A run's right to change the cluster: its lease on the nodes from the moment it asks for it until it gives it back, renewed
/// meanwhile. Once lost it stays lost.
/// </summary>
internal sealed class ClusterClaim : IMandate, IAsyncDisposable
{
    /// <summary>For giving it back; what cannot be told so runs out by itself.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly Fleet _fleet;
    private readonly ILeases _leases;
    private readonly LeaseClaim _claim;
    private readonly TimeProvider _time;
    private readonly Action<string> _warn;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _renewal = new(1);
    private readonly LeaseTaking _taking;
    private long _confirmed;
    private volatile string? _lost;
    private Task _renewing = Task.CompletedTask;
    private int _released;

    private ClusterClaim(Fleet fleet, ILeases leases, LeaseClaim claim, Func<LeaseHolder, bool> isGone, TimeProvider time, Action<string> warn)
    {
        (_fleet, _leases, _claim, _time, _warn) = (fleet, leases, claim, time, warn);
        _taking = new(fleet, leases, claim, isGone, time);
        _confirmed = time.GetTimestamp();
        Taking = _taking.RunAsync(_stop.Token);
        _renewing = RenewLoopAsync();
    }

    /// <summary>Ends when it is known whether it is ours.</summary>
    public Task<LeaseTaken> Taking { get; }

    /// <summary>Starts to ask for it.</summary>
    /// <param name="warn">For what goes wrong with it later on.</param>
    public static ClusterClaim Start(Fleet fleet, ILeases leases, LeaseClaim claim, Func<LeaseHolder, bool> isGone, TimeProvider time, Action<string> warn) =>
        new(fleet, leases, claim, isGone, time, warn);

    /// <summary>The look is done; nobody waits for a node that did not answer it.</summary>
    public Task<LeaseTaken> SettleAsync(Observation? seen)
    {
        _taking.Seen(seen);
        return Taking;
    }

    public bool IsLost => _lost is not null;

    /// <summary>Null = no node keeps it, so that none could refuse.</summary>
    public LeaseFence? Fence => Taking is { IsCompletedSuccessfully: true, Result.Held: { Count: > 0 } held } ? new(_claim.Cluster, _claim.Id, held.Keys.ToHashSet()) : null;

    /// <summary>What the operator should know of it before saying yes.</summary>
    public IEnumerable<string> Warnings()
    {
        if (!Taking.IsCompletedSuccessfully || Taking.Result.Without.Count == 0)
            yield break;
        var without = string.Join("; ", Taking.Result.Without.Select(p => $"{p.Key}: {p.Value}"));
        yield return Taking.Result.Held.Count == 0
            ? $"no node keeps the lease ({without}): make sure that nobody else works on {_fleet.Cluster}"
            : $"the lease is held on {Taking.Result.Held.Count} of {_fleet.Nodes.Count} nodes ({string.Join(", ", Taking.Result.Held.Keys)}; {without}): who reaches only the others is not kept out";
    }

    public async Task<string?> WhyNotAsync(CancellationToken cancellation)
    {
        if (_lost is null && Age >= _claim.TimeToLive / 2)
            await RenewAsync(cancellation);
        if (_lost is null && Age >= _claim.TimeToLive)
            return $"the lease could not be renewed for {Age.TotalSeconds:0} s, longer than it lasts: somebody else may have it, so nothing more is changed";
        return _lost;
    }

    /// <summary>Asks once more: a node that refused a change because of the lease knows no more than that it is not ours.</summary>
    public async Task ReviewAsync()
    {
        if (_lost is null)
            await RenewAsync(_stop.Token);
    }

    /// <summary>Gives it back on all nodes at once.</summary>
    public async Task ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _released, 1) == 1)
            return;
        await _stop.CancelAsync();
        await _renewing;
        var taken = await Taking;
        using var limit = new CancellationTokenSource(Farewell, _time);
        await Task.WhenAll(taken.Held.Keys.Select(name => QuietAsync(_leases.ReleaseAsync(_fleet.Node(name), _claim, limit.Token))));
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        _stop.Dispose();
        _renewal.Dispose();
    }

    /// <summary>Since it was last certain; nothing is held = nothing can run out.</summary>
    private TimeSpan Age => Taking is { IsCompletedSuccessfully: true, Result.Held.Count: > 0 } ? _time.GetElapsedTime(Interlocked.Read(ref _confirmed)) : TimeSpan.Zero;

    private async Task RenewLoopAsync()
    {
        await Taking;
        try
        {
            while (_lost is null)
            {
                await Task.Delay(_claim.TimeToLive / 3, _time, _stop.Token);
                await RenewAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is given back.
        }
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        await _renewal.WaitAsync(cancellation);
        try
        {
            var asked = _time.GetTimestamp();
            // Nobody waits for a silent node longer than the lease may be uncertain.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(_claim.TimeToLive / 3);
            var renewed = await Task.WhenAll((await Taking).Held.Select(h => RenewAsync(h.Key, h.Value, limit.Token)));
            if (renewed.Any(r => r))
                Interlocked.Exchange(ref _confirmed, asked);
        }
        finally
        {
            _renewal.Release();
        }
    }

    private async Task<bool> RenewAsync(string name, string boot, CancellationToken cancellation)
    {
        try
        {
            var reply = await _leases.RenewAsync(_fleet.Node(name), _claim, boot, cancellation);
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
            _warn(_lost!);
    }

    private static async Task QuietAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
