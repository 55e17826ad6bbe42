namespace LbRunbook.Core.Diagnosis;

/// <summary>What a failover may do about a holder.</summary>
internal enum HolderAction
{
    GoOn,

    /// <summary>Make sure first that it serves no virtual IP any more.</summary>
    Fence,

    /// <summary>A human has to say yes, whatever the environment: nobody else confirms what we see.</summary>
    Ask,
    Refuse,
}

/// <param name="Verdict">What is known of the holder.</param>
/// <param name="ObserverIsolated">This machine reaches nothing at all.</param>
/// <param name="HasFence">A fence is configured that this build can carry out, and it was not switched off.</param>
/// <param name="SplitBrainAccepted">The operator takes the risk of two holders.</param>
/// <param name="Unattended">Nobody decided this: a verb acts by itself.</param>
/// <param name="CanAsk">There is a terminal with somebody at it.</param>
internal sealed record HolderCase(ReachVerdict Verdict, bool ObserverIsolated = false, bool HasFence = false,
    bool SplitBrainAccepted = false, bool Unattended = false, bool CanAsk = false);

/// <summary>The one place that decides whether the address of a node that we may not reach can be given to another.</summary>
internal static class HolderRule
{
    public static HolderAction Decide(HolderCase holder) => holder switch
    {
        // What we see is then a fact about us.
        { ObserverIsolated: true } => HolderAction.Refuse,
        { Verdict: ReachVerdict.Reached or ReachVerdict.Down } => HolderAction.GoOn,
        // Automation never acts on what only it cannot reach, whatever flag somebody gave it.
        { Unattended: true } => HolderAction.Refuse,
        { SplitBrainAccepted: true } => HolderAction.GoOn,
        { HasFence: true } => HolderAction.Fence,
        { Verdict: ReachVerdict.Undecided, CanAsk: true } => HolderAction.Ask,
        _ => HolderAction.Refuse,
    };
}
