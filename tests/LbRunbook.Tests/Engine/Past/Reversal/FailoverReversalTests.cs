using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Failover;
using LbRunbook.Engine.Failover.HandOver;
using LbRunbook.Engine.Failover.Sweep;
using LbRunbook.Tests.Engine.Failover;
using Xunit;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>
/// Whatever the state was and wherever the run ended: undone, everything is as before. Except that a duplicate is not made again, that an
/// address that nobody had stays where it serves, and that what serves it goes on.
/// </summary>
public sealed class FailoverReversalTests
{
    [Fact]
    public void Failover_AnyState_UndoGivesTheStateBefore() => Choices.ForAll(choices => Try(choices, _ => Mishap.None));

    [Fact]
    public void Failover_AnyStateAndMishap_UndoGivesTheStateBefore() => Choices.ForAll(choices => Try(choices, Mishap.Of));

    private static void Try(Choices choices, Func<Choices, Mishap> mishapOf)
    {
        var mishap = mishapOf(choices);
        var resume = mishap.Kind != MishapKind.None && choices.OneIn(3);
        var lab = FailoverStates.Of(choices);
        var run = new RecordedRun(lab.World);
        if (Plan(lab, run, choices) is { } plan)
            run.DoAndJudge(plan, mishap, resume);
    }

    [Fact]
    public void Sweep_AnyStateAndMishap_UndoMakesNoDuplicateAgain() => Choices.ForAll(choices =>
    {
        var mishap = Mishap.Of(choices);
        var lab = FailoverStates.Of(choices);
        var named = choices.OneIn(2) ? lab.Fleet.Nodes[choices.Below(lab.Fleet.Nodes.Count)] : null;
        if (SweepPlanner.Build(lab.Fleet, new(lab.Observe(), choices.Of<string?>(null, "lb1", "lb2"), named)).Plan is { } plan)
            new RecordedRun(lab.World).DoAndJudge(plan, mishap, resume: choices.OneIn(3));
    });

    private static Plan? Plan(FailoverLab lab, RecordedRun run, Choices choices)
    {
        var holders = lab.World.HoldersOf("public");
        var (from, to) = holders.Contains("lb1") || !holders.Contains("lb2") || choices.OneIn(4) ? ("lb1", "lb2") : ("lb2", "lb1");
        var request = lab.Request(from, to) with
        {
            Emergency = choices.OneIn(4), StopProxy = choices.OneIn(3), AcceptSplitBrain = choices.OneIn(3),
            AcceptUnhealthyTarget = choices.OneIn(5), Grace = TimeSpan.FromSeconds(1),
        };
        var seen = lab.Observe();
        var facts = new FailoverFacts
        {
            Observation = seen,
            RepeatsLastRun = choices.OneIn(2),
            HandOver = choices.OneIn(3)
                ? run.Look(() => new HandOverLook(lab.Fleet, lab.World, request).AskAsync(seen, CancellationToken.None))
                : null,
        };
        return FailoverPlanner.Build(lab.Fleet, facts, request).Plan;
    }
}
