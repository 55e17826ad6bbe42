using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// The way back of a move that did not succeed: every value from before, on each node that the move had begun to change. One node that
/// cannot be reached keeps nothing from the other, and what could not be put back is said.
/// </summary>
internal sealed class VrrpPutBack(StepContext context, VrrpBefore before, (string From, string To) names)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A master that was lowered for a moment takes over again once it has not heard a better one for this long.</summary>
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(6);

    /// <param name="begun">Nodes that may have been changed.</param>
    /// <returns>What is as it was, and what is not; never throws.</returns>
    public async Task<string> RunAsync(IReadOnlyList<string> begun)
    {
        if (begun.Count == 0)
            return "nothing was changed";
        // On time of its own, whatever became of the move's.
        using var budget = new CancellationTokenSource(Budget, context.Time);
        var ends = await Task.WhenAll(begun.Select(n => NodeAsync(n, budget.Token)));
        var left = ends.OfType<string>().ToList();
        if (left.Count == begun.Count)
            return string.Join("; ", left);
        await UntilHoldersAreBackAsync(budget.Token);
        return string.Join("; ",
            [left.Count == 0
                ? "the priorities are what they were"
                : $"the priorities on {string.Join(" and ", begun.Where((_, i) => ends[i] is null))} are what they were", .. left]);
    }

    /// <returns>Null = all of it is as it was.</returns>
    private async Task<string?> NodeAsync(string name, CancellationToken cancellation)
    {
        var kept = before.Pairs.Select(p => name == names.From ? p.From : p.To).OfType<VrrpKept>().DistinctBy(k => k.Instance).ToList();
        var stand = VrrpStand.AsBefore(kept);
        try
        {
            var seen = await context.Ports.Keepalived.ReadAsync(context.Fleet.Node(name), cancellation);
            await stand.MakeSoAsync(context, name, seen, cancellation);
            return seen is not null && stand.SomebodyElses(seen).ToList() is { Count: > 0 } theirs
                ? $"somebody else has changed the priority of {string.Join(" and ", theirs)} on {name} meanwhile: it is as they left it"
                : null;
        }
        catch (Exception e) when (e is AdapterException or OperationCanceledException)
        {
            return $"the priorities on {name} could not be put back ({(e is AdapterException ? e.Message : "no answer in time")}): "
                + $"before, there was {string.Join(", ", kept.Select(k => $"{k.Instance} with priority {k.Priority}"))}; a line with "
                + "\"lbctl: was\" there tells what was changed";
        }
    }

    private async Task UntilHoldersAreBackAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Return, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            while (await VrrpLook.TakeAsync(context, names.From, names.To, both.Token) is var look
                && !before.Now(look.From, look.To).HasHolders(before))
                await Task.Delay(Pause, context.Time, both.Token);
        }
        catch (Exception e) when (e is AdapterException or OperationCanceledException)
        {
            // Who holds what is looked at again by whoever asked for the move.
        }
    }
}
