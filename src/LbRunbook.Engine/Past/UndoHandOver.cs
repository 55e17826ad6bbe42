using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Failover;
using LbRunbook.Engine.Failover.HandOver;

namespace LbRunbook.Engine.Past;

/// <summary>
/// Open connections on the way back: an undo hands them over if the run that it takes back did. Whoever moved them plainly had a reason
/// that still holds (another network, <c>--hand-over off</c>).
/// </summary>
internal static class UndoHandOver
{
    /// <param name="undo">As the journal gives it: plain moves.</param>
    /// <param name="seen">Who holds and serves what now.</param>
    /// <param name="runId">Of the undo; names what is made on the nodes.</param>
    /// <returns>The same plan within a hand-over, or as it was with the reason why not.</returns>
    public static async Task<Plan> FrameAsync(
        Fleet fleet, IPorts ports, PastRun past, Plan undo, Observation seen, string runId, CancellationToken cancellation)
    {
        if (!past.Chain.Any(r => r.Start.Plan.Any(s => s is HandOverGuardStep)) || MoveOf(undo) is not { } move)
            return undo;
        var request = new FailoverRequest { From = fleet.Node(move.From), To = fleet.Node(move.To), HandOverId = HandOverId.Of(runId) };
        // What is left of the run itself passes packets the other way: both at once would send them round in circles.
        if (new FailoverSituation(fleet, new() { Observation = seen }, request).EarlierHandOvers.Count > 0)
            return undo;
        var facts = await new HandOverLook(fleet, ports, request).AskAsync(seen, cancellation);
        if (facts is { WhyNot: null })
            facts = facts with { Vips = [.. facts.Vips.Where(v => move.Vips.Contains(v.Vip.Name))] };
        if (facts is null or { WhyNot: null, Vips.Count: 0 })
            return undo;
        var now = new FailoverSituation(fleet, new() { Observation = seen, HandOver = facts }, request);
        var open = new OpenConnections(now);
        return undo with { Steps = [.. Around(undo.Steps, open)], Warnings = [.. undo.Warnings, .. HandOverWarnings.Of(now)] };
    }

    /// <summary>
    /// Before the first address moves; and when it is proven that all have, before anything is cleaned up: the proxy whose connections are
    /// waited for may be one that is stopped again.
    /// </summary>
    private static IEnumerable<PlannedStep> Around(IReadOnlyList<PlannedStep> steps, OpenConnections open)
    {
        bool Moves(PlannedStep s) => s.Step.Phase is StepPhase.Make or StepPhase.Announce or StepPhase.Break;
        bool Proves(PlannedStep s) => s.Step is VipAnswersStep;
        return
        [
            .. steps.Where(s => s.Step.Phase == StepPhase.Prepare), .. open.Before(), .. steps.Where(Moves), .. steps.Where(Proves),
            .. open.After(),
            .. steps.Where(s => s.Step.Phase is StepPhase.CleanUp or StepPhase.Verify && !Proves(s)),
        ];
    }

    /// <returns>null = nothing moves, or not from one node to one other.</returns>
    private static (string From, string To, IReadOnlyCollection<string> Vips)? MoveOf(Plan undo)
    {
        var steps = undo.Steps.Select(s => s.Step).ToList();
        var moves = steps.OfType<VrrpMoveStep>().SelectMany(m => m.Pairs.Select(p => (m.From, m.To, p.Vip)))
            .Concat(from add in steps.OfType<VipAddStep>()
                    join remove in steps.OfType<VipRemoveStep>() on add.Vip equals remove.Vip
                    select (remove.Node, add.Node, add.Vip))
            .ToList();
        return moves.Select(m => (m.Item1, m.Item2)).Distinct().ToList() is [var (from, to)]
            ? (from, to, [.. moves.Select(m => m.Item3)])
            : null;
    }
}
