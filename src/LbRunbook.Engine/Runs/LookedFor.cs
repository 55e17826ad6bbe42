using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Runs;

/// <summary>Which virtual IPs a plan moves or proves, and who has each of them when it is done.</summary>
internal static class LookedFor
{
    /// <returns>Virtual IP → node; empty for a plan about something else.</returns>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<PlannedStep> steps)
    {
        var expected = new Dictionary<string, string>();
        // The proof comes last; where there is none (the way back from an emergency) whoever is given it last has it.
        foreach (var (vip, node) in steps.SelectMany(s => Holders(s.Step)))
            expected[vip] = node;
        return expected;
    }

    /// <summary>The proof was made in this run: a third place got its answer from the right node, and the check passed.</summary>
    public static bool Proves(Plan plan, RunOutcome outcome, string vip) =>
        plan.Steps.Zip(outcome.Steps).Any(p =>
            p.First.Step is VipAnswersStep proof && proof.Vip == vip && p.Second.Status is StepStatus.Done or StepStatus.Already);

    private static IEnumerable<(string Vip, string Node)> Holders(Step step) => step switch
    {
        VipAddStep s => [(s.Vip, s.Node)],
        VipAnswersStep s => [(s.Vip, s.Node)],
        VrrpMasterStep s => [(s.Vip, s.Node)],
        VrrpMoveStep s => s.Pairs.Select(p => (p.Vip, s.To)),
        _ => [],
    };
}
