using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Claims;

/// <summary>Asks this machine and every node at once who has the cluster. Takes nothing, not even for a moment.</summary>
internal sealed class LockSurvey(World world)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(6);

    public async Task<IReadOnlyList<LockPlace>> ReadAsync(CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Budget, world.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        var nodes = await Task.WhenAll(world.Fleet.Nodes.Select(n => OnNodeAsync(n, limit.Token, cancellation)));
        return [Here(), .. nodes];
    }

    /// <summary>The kernel frees the lock of a dead process at once; its name stays where it was.</summary>
    private LockPlace Here() =>
        ClusterLock.LastHolder(world.State, world.Fleet.Cluster) is { } holder
            && ProcessOf(holder) is not HolderProcess.Gone and var process
        ? new(LockInfo.Here, LockState.Held) { Info = new(LockInfo.Here, holder), Process = process }
        : new(LockInfo.Here, LockState.Free);

    private async Task<LockPlace> OnNodeAsync(Node node, CancellationToken limit, CancellationToken cancellation)
    {
        try
        {
            var reply = await world.Ports.Leases.ReadAsync(node, world.Fleet.Cluster, limit);
            return reply.State switch
            {
                LeaseState.Free => new(node.Name, LockState.Free),
                LeaseState.Unusable => new(node.Name, LockState.Unknown) { Why = $"it cannot keep a lease: {reply.Why}" },
                _ => new(node.Name, reply.Lease?.Id is null ? LockState.Unreadable : LockState.Held)
                {
                    Info = LockInfo.Of(node.Name, reply.Lease),
                    Id = reply.Lease?.Id,
                    Process = ProcessOf(reply.Lease?.Holder),
                },
            };
        }
        catch (AdapterException e)
        {
            return new(node.Name, LockState.Unknown) { Why = e.Message };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(node.Name, LockState.Unknown) { Why = $"no answer within {Budget.TotalSeconds:0} s" };
        }
    }

    private HolderProcess ProcessOf(LeaseHolder? holder) =>
        holder is null ? HolderProcess.Unknown
        : world.Processes.IsGone(holder) ? HolderProcess.Gone
        : world.Processes.IsAlive(holder) ? HolderProcess.Alive
        : HolderProcess.Unknown;
}
