using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Runs;

/// <summary>
/// Of what was measured, what is about this run: the addresses that moved. That clients of another one noticed nothing says nothing.
/// </summary>
internal static class MovedTraffic
{
    /// <returns>
    /// The worst first. Where nothing had to move, the addresses that the plan is about; where it is about none of them, all.
    /// </returns>
    public static IReadOnlyList<TrafficGap> Of(Plan plan, RunOutcome outcome, IReadOnlyList<TrafficGap> measured)
    {
        var touched = plan.Steps.Zip(outcome.Steps)
            .SelectMany(p => Addresses(p.First.Step).Select(v => (Vip: v, p.Second.Status))).ToList();
        IEnumerable<string> moved = touched.Where(t => t.Status is not (StepStatus.Already or StepStatus.NotStarted)).Select(t => t.Vip);
        var about = moved.Any() ? moved : touched.Select(t => t.Vip);
        var gaps = measured.Where(g => about.Contains(g.Vip)).ToList();
        return [.. (gaps.Count > 0 ? gaps : measured).OrderByDescending(g => (double)g.Failed / g.Requests)
            .ThenByDescending(g => g.LongestOutageMs)];
    }

    private static IEnumerable<string> Addresses(Step step) => step switch
    {
        VipAddStep s => [s.Vip],
        VipRemoveStep s => [s.Vip],
        VrrpMasterStep s => [s.Vip],
        VrrpMoveStep s => s.Pairs.Select(p => p.Vip),
        _ => [],
    };
}
