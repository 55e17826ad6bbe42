using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Claims;

/// <summary>
/// The first look and the taking of the lease, at once: an emergency does not get slower by a lease. Whoever loses it looks no further.
/// </summary>
internal static class ClaimedLook
{
    /// <returns>A proposal, or whose the lease is.</returns>
    public static async Task<(Proposal Proposal, LockInfo? LostTo)> AsProposedAsync(
        RunInHand run, ClusterClaim? claim, CancellationToken interrupted)
    {
        if (claim is null)
            return (await run.ProposeAsync(interrupted), null);
        using var look = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        var looking = run.ProposeAsync(look.Token);
        if (await Task.WhenAny(looking, claim.Taking) == claim.Taking && (await claim.Taking).LostTo is { } early)
        {
            look.Cancel();
            await ((Task)looking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            return (Nothing, early);
        }
        var proposal = await looking;
        var taken = await claim.SettleAsync(proposal.Before).WaitAsync(interrupted);
        if (taken.LostTo is { } late)
            return (Nothing, late);
        if (taken.ChangedHands)
            proposal = await run.ProposeAsync(interrupted);
        return (proposal, (await claim.CompleteAsync(proposal.Before)).LostTo);
    }

    private static Proposal Nothing { get; } = new(PlanResult.Refused([]), null);
}
