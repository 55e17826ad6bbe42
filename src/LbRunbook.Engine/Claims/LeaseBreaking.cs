using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Claims;

/// <summary>Takes the lease that was seen on one node, and only that one, away.</summary>
internal sealed class LeaseBreaking(World world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<StepOutcome> BreakAsync(LockPlace place, CancellationToken cancellation)
    {
        var started = world.Time.GetTimestamp();
        var (status, detail) = await TryAsync(place, cancellation);
        return new("lease.break", $"take the lease on {place.Where} away", status, detail,
            (long)world.Time.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task<(StepStatus Status, string Detail)> TryAsync(LockPlace place, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, world.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            var reply = await world.Ports.Leases.BreakAsync(world.Fleet.Node(place.Where), world.Fleet.Cluster, place.Id, limit.Token);
            return reply.State switch
            {
                LeaseState.Free when reply.Lease is null && place.Id is not null =>
                    (StepStatus.Already, $"the lease on {place.Where} had ended meanwhile"),
                LeaseState.Free => (StepStatus.Done, $"the lease on {place.Where} is taken away"),
                LeaseState.Others => (StepStatus.Failed, $"on {place.Where} it has gone over to {LockInfo.Of(place.Where, reply.Lease)}"),
                _ => (StepStatus.Failed, $"{place.Where}: {reply.Why ?? "it cannot be taken away"}"),
            };
        }
        catch (AdapterException e)
        {
            return (StepStatus.NotConfirmed, e.Message);
        }
        catch (OperationCanceledException)
        {
            return (StepStatus.NotConfirmed, $"{place.Where} did not answer within {Patience.TotalSeconds:0} s");
        }
    }
}
