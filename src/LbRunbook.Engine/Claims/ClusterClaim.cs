using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Claims;

/// <summary>A run's right to change the cluster: its lease on the nodes, from the moment it asks for it until it gives it back.</summary>
internal sealed class ClusterClaim : IMandate, IAsyncDisposable
{
    /// <summary>For giving it back; what cannot be told so runs out by itself.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private readonly Fleet _fleet;
    private readonly ILeases _leases;
    private readonly LeaseClaim _claim;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly LeaseTaking _taking;
    private readonly LeaseRenewal _renewal;
    private readonly Task _renewing;
    private int _released;

    private ClusterClaim(
        Fleet fleet, ILeases leases, LeaseClaim claim, Func<LeaseHolder, bool> isGone, TimeProvider time, Action<string> warn)
    {
        (_fleet, _leases, _claim, _time) = (fleet, leases, claim, time);
        _taking = new(fleet, leases, claim, isGone, time);
        _renewal = new(fleet, leases, claim, time, warn);
        Taking = _taking.RunAsync(_stop.Token);
        _renewing = _renewal.RunAsync(Taking, _stop.Token);
    }

    /// <summary>Ends when it is known whether it is ours.</summary>
    public Task<LeaseTaken> Taking { get; }

    public bool IsLost => _renewal.Lost is not null;

    /// <summary>Null = no node keeps it, so that none could refuse.</summary>
    public LeaseFence? Fence => Taken is { Held: { Count: > 0 } held } ? new(_claim.Cluster, _claim.Id, held.Keys.ToHashSet()) : null;

    private LeaseTaken? Taken => Taking.IsCompletedSuccessfully ? Taking.Result : null;

    /// <summary>Starts to ask for it.</summary>
    /// <param name="holder">Who we are, for the one who finds us.</param>
    /// <param name="warn">For what goes wrong with it later on.</param>
    public static ClusterClaim Start(World world, LeaseHolder holder, Action<string> warn) => Start(
        world.Fleet, world.Ports.Leases, new(world.Fleet.Cluster, LeaseIds.New(), world.LeaseTimeToLive, holder), world.Processes.IsGone,
        world.Time, warn);

    /// <inheritdoc cref="Start(World, LeaseHolder, Action{string})"/>
    public static ClusterClaim Start(
        Fleet fleet, ILeases leases, LeaseClaim claim, Func<LeaseHolder, bool> isGone, TimeProvider time, Action<string> warn) =>
        new(fleet, leases, claim, isGone, time, warn);

    /// <summary>The look is done; nobody waits for a node that did not answer it.</summary>
    public Task<LeaseTaken> SettleAsync(Observation? seen)
    {
        _taking.Seen(seen);
        return Taking;
    }

    /// <summary>After a later look: what it reaches, and the first one did not, must have the lease as well.</summary>
    public async Task<LeaseTaken> CompleteAsync(Observation? seen)
    {
        var taken = await Taking;
        await _taking.CompleteAsync(taken, seen, _stop.Token);
        return taken;
    }

    /// <summary>What the operator should know of it before saying yes.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Taken is not { Without.Count: > 0 } taken)
            yield break;
        var without = string.Join("; ", taken.Without.Select(p => $"{p.Key}: {p.Value}"));
        yield return taken.Held.IsEmpty
            ? $"no node keeps the lease ({without}): make sure that nobody else works on {_fleet.Cluster}"
            : $"the lease is held on {taken.Held.Count} of {_fleet.Nodes.Count} nodes ({string.Join(", ", taken.Held.Keys)}; {without}): "
                + "who reaches only the others is not kept out";
    }

    /// <remarks>This process may have been stopped for any time: what was certain long ago is asked again.</remarks>
    public async Task<string?> WhyNotAsync(CancellationToken cancellation)
    {
        if (!IsLost && _renewal.Age >= _claim.TimeToLive / 2)
            await _renewal.RenewAsync(cancellation);
        if (!IsLost && _renewal.Age >= _claim.TimeToLive)
            return $"the lease could not be renewed for {_renewal.Age.TotalSeconds:0} s, longer than it lasts: somebody else may have it, "
                + "so nothing more is changed";
        return _renewal.Lost;
    }

    /// <summary>
    /// A run that did not get through may have met the one that took its lease: a node that refused a change knows no more than that
    /// the lease is not ours, and a step only that the world is not as planned.
    /// </summary>
    public async Task<RunOutcome> ExplainAsync(RunOutcome outcome)
    {
        if (outcome.Result is not (RunResult.Failed or RunResult.Partial or RunResult.Refused))
            return outcome;
        if (!IsLost)
            await _renewal.RenewAsync(_stop.Token);
        if (_renewal.Lost is not { } lost)
            return outcome;
        var said = outcome.Message?.Contains(lost, StringComparison.Ordinal) == true;
        return outcome with { Message = said ? outcome.Message : $"{lost}. It had come to {outcome.Message}", Next = "lbctl locks" };
    }

    /// <summary>It is somebody else's: what we have of it is given back, and then told who got it.</summary>
    public async Task<LockInfo> GiveWayAsync(LockInfo met, CancellationToken cancellation)
    {
        await ReleaseAsync();
        return await new SettledHolder(_fleet, _leases, _time).OfAsync(met, cancellation);
    }

    /// <summary>Gives it back on all nodes at once.</summary>
    public async Task ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _released, 1) == 1)
            return;
        _stop.Cancel();
        await _renewing;
        var taken = await Taking;
        using var limit = new CancellationTokenSource(Farewell, _time);
        await Task.WhenAll(taken.Held.Keys.Union(taken.Uncertain)
            .Select(name => QuietAsync(_leases.ReleaseAsync(_fleet.Node(name), _claim, limit.Token))));
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        _stop.Dispose();
        _renewal.Dispose();
    }

    private static async Task QuietAsync(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
