using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Claims;

internal enum LockState
{
    Free,
    Held,

    /// <summary>There is something that is no lease; it counts as somebody's.</summary>
    Unreadable,

    /// <summary>The place could not be asked, or cannot keep a lease.</summary>
    Unknown,
}

internal enum HolderProcess
{
    /// <summary>On another machine: nobody here can tell.</summary>
    Unknown,
    Alive,
    Gone,
}

/// <summary>One place where a lock can be: this machine, or a node.</summary>
internal sealed record LockPlace(string Where, LockState State)
{
    public LockInfo? Info { get; init; }

    /// <summary>Of the lease; null for the lock on this machine, and for what cannot be read.</summary>
    public string? Id { get; init; }
    public HolderProcess Process { get; init; }

    /// <summary>Why it is unknown.</summary>
    public string? Why { get; init; }

    public bool IsLocked => State is LockState.Held or LockState.Unreadable;
    public bool IsNode => Where != LockInfo.Here;
}
