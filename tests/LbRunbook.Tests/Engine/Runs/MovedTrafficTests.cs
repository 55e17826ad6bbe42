using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Runs;
using Xunit;

namespace LbRunbook.Tests.Engine.Runs;

/// <summary>The traffic line is about the addresses that moved.</summary>
public sealed class MovedTrafficTests
{
    private static readonly TrafficGap Four = new("http://10.0.0.100/health", 120, 0, 0) { Vip = "public" };
    private static readonly TrafficGap Six = new("http://[fd00::100]/health", 118, 40, 812) { Vip = "public6" };

    [Fact]
    public void Of_OnlyOneOfTwoMoved_IsThatOne() =>
        Assert.Equal([Six], Of((new VipAddStep("public", "lb2"), StepStatus.Already), (new VipAddStep("public6", "lb2"), StepStatus.Done),
            (new VipAnnounceStep("public", "lb2"), StepStatus.Done), (new VipAnswersStep("public", "lb2"), StepStatus.Already)));

    [Fact]
    public void Of_BothMoved_AreBothTheWorstFirst() =>
        Assert.Equal([Six, Four], Of((new VipAddStep("public", "lb2"), StepStatus.Done),
            (new VipAddStep("public6", "lb2"), StepStatus.Done)));

    [Fact]
    public void Of_TheMoveFailed_IsStillAboutIt() =>
        Assert.Equal([Six], Of((new VipAddStep("public6", "lb2"), StepStatus.Failed), (new VipRemoveStep("public", "lb1"),
            StepStatus.NotStarted)));

    [Fact]
    public void Of_KeepalivedMovesThem_IsAboutThoseOfItsMove() =>
        Assert.Equal([Six], Of((new VrrpMasterStep("public6", "lb2", 5), StepStatus.Done)));

    [Fact]
    public void Of_NothingHadToMove_IsAboutThePlan() =>
        Assert.Equal([Four], Of((new VipAddStep("public", "lb2"), StepStatus.Already)));

    [Fact]
    public void Of_PlanAboutNoAddress_IsAboutAll() => Assert.Equal([Six, Four], Of());

    private static IReadOnlyList<TrafficGap> Of(params (Step Step, StepStatus Status)[] steps) => MovedTraffic.Of(
        new() { Verb = "failover", Cluster = "c", Environment = FleetEnvironment.Lab, Title = "t", Steps = [.. steps.Select(s =>
            new PlannedStep(s.Step))] },
        new() { Verb = "failover", Result = RunResult.Done, Steps = [.. steps.Select(s => new StepOutcome("x", "x", s.Status, "", 1))] },
        [Four, Six]);
}
