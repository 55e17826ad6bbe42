using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;

namespace LbRunbook.Core.Ports;

/// <summary>
/// A cluster's lease on its nodes: what keeps operators on different machines apart. Each call is atomic on the node, and every time
/// is measured by the node's own uptime, so that no clock that is wrong or stepped means anything. A node that cannot be reached is an
/// <see cref="AdapterException"/>; one that cannot keep a lease says so (<see cref="LeaseState.Unusable"/>).
/// </summary>
public interface ILeases
{
    /// <summary>Takes it where it is free, expired or already this claim's; of many takers exactly one gets it.</summary>
    /// <param name="insteadOf">Also take it from this claim: its process is known to be gone.</param>
    Task<LeaseReply> TakeAsync(Node node, LeaseClaim claim, string? insteadOf, CancellationToken cancellation);

    /// <summary>Makes it last for another time to live; <see cref="LeaseState.Gone"/> when somebody took it away.</summary>
    /// <param name="boot">From the reply to the taking: a node that was started anew lost it for no reason, and it is taken again.</param>
    Task<LeaseReply> RenewAsync(Node node, LeaseClaim claim, string boot, CancellationToken cancellation);

    /// <summary>Gives it back; somebody else's is left alone.</summary>
    Task ReleaseAsync(Node node, LeaseClaim claim, CancellationToken cancellation);

    Task<LeaseReply> ReadAsync(Node node, string cluster, CancellationToken cancellation);

    /// <summary>Takes exactly that lease away from its holder.</summary>
    /// <param name="id">Null = the one that cannot be read.</param>
    Task<LeaseReply> BreakAsync(Node node, string cluster, string? id, CancellationToken cancellation);
}

/// <param name="Id">32 hexadecimal digits that nobody else has.</param>
/// <param name="TimeToLive">Between one renewal and the expiry.</param>
public sealed record LeaseClaim(string Cluster, string Id, TimeSpan TimeToLive, LeaseHolder Holder);

public enum LeaseState
{
    Free,
    Ours,
    Others,

    /// <summary>It was ours, and was taken away.</summary>
    Gone,

    /// <summary>This node cannot keep a lease.</summary>
    Unusable,
}

/// <param name="State">How it is now.</param>
/// <param name="Lease">The one that is there, or that was just broken.</param>
public sealed record LeaseReply(LeaseState State, NodeLease? Lease = null)
{
    /// <summary>Why not, for the operator.</summary>
    public string? Why { get; init; }

    /// <summary>Which run of the node's kernel it is.</summary>
    public string Boot { get; init; } = "";

    /// <summary>Since anybody last gave the lease back there; null = not since the node was started.</summary>
    public TimeSpan? ReleasedAgo { get; init; }
}

/// <summary>A lease as it stands on one node.</summary>
public sealed record NodeLease
{
    /// <summary>Null = what is there is no lease that we can read; it counts as somebody's.</summary>
    public string? Id { get; init; }

    /// <summary>Grows with every lease that this node gives for the cluster.</summary>
    public long Token { get; init; }
    public TimeSpan HeldFor { get; init; }
    public TimeSpan ExpiresIn { get; init; }
    public LeaseHolder? Holder { get; init; }
}

/// <summary>Behind it a command changes a node only as long as the lease there is this one, not taken over and not expired.</summary>
/// <param name="Nodes">Where it is held; other hosts are not fenced.</param>
public sealed record LeaseFence(string Cluster, string Id, IReadOnlySet<string> Nodes);

/// <summary>Asked before every change: may this run still change anything?</summary>
public interface IMandate
{
    /// <summary>Null = yes.</summary>
    Task<string?> WhyNotAsync(CancellationToken cancellation);
}
