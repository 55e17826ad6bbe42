using LbRunbook.Core.Leases;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Plans;

/// <summary>A lock or a lease that is somebody's.</summary>
/// <param name="Where">"this machine", or the node.</param>
/// <param name="Holder">Null when it cannot be read.</param>
public sealed record LockInfo(string Where, LeaseHolder? Holder)
{
    public const string Here = "this machine";

    /// <summary>By the node's clock.</summary>
    public long? HeldForMs { get; init; }

    /// <summary>Unless it is renewed; null = ends with its process.</summary>
    public long? ExpiresInMs { get; init; }
    public long? Token { get; init; }

    public static LockInfo Of(string node, NodeLease? lease) => lease?.Id is null
        ? new(node, null)
        : new(node, lease.Holder)
        {
            HeldForMs = (long)lease.HeldFor.TotalMilliseconds,
            ExpiresInMs = (long)lease.ExpiresIn.TotalMilliseconds,
            Token = lease.Token,
        };

    /// <summary>Who has it, until when.</summary>
    public override string ToString()
    {
        if (Where == Here)
            return Holder is null
                ? "another lbctl on this machine, which is just starting"
                : $"{Holder}, on this machine; the lock ends with that process";
        if (ExpiresInMs is not { } left)
            return $"somebody: there is a lease on {Where} that cannot be read";
        var who = Holder is null ? $"somebody (the lease on {Where} does not say who)" : Holder.ToString();
        return $"{who}; the lease on {Where} ends in {(left + 999) / 1000} s unless it is renewed";
    }
}
