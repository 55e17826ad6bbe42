using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using Xunit;

namespace LbRunbook.Tests.Core.Plans;

/// <summary>Where an interruption has to wait, when several addresses go their ways side by side.</summary>
public sealed class RunProgressTests
{
    private static readonly Plan Plan = new()
    {
        Verb = "failover", Cluster = "web-test", Environment = FleetEnvironment.Lab, Title = "",
        Steps = [Step(null, hold: false), Step("v4", hold: true), Step("v4", hold: false), Step("v6", hold: true), Step("v6", hold: false),
            Step(null, hold: false)],
    };

    private readonly RunProgress _progress = new(Plan);

    [Fact]
    public void MayStop_OneLaneIsInTheMiddle_ThatLaneAloneGoesOn()
    {
        Add(0, 1);
        Assert.Equal((false, true, false), MayStop());
        Add(3);
        Assert.Equal((false, false, false), MayStop());
        Add(2);
        Assert.Equal((true, false, false), MayStop());
        Add(4);
        Assert.Equal((true, true, true), MayStop());
    }

    [Fact]
    public void MayStop_StepBeforeTheLanesHolds_NoLaneStops()
    {
        var progress = new RunProgress(Plan with { Steps = [Step(null, hold: true), .. Plan.Steps.Skip(1)] });
        progress.Add(0, Record);
        Assert.False(progress.MayStop("v4"));
        Assert.False(progress.MayStop("v6"));
    }

    private static StepRecord Record => new(new VipAnswersStep("public", "lb2"), StepStatus.Done, "", 1, Applied: false, Inverse: null);

    private static PlannedStep Step(string? lane, bool hold) => new(new VipAnswersStep("public", "lb2"), HoldAfter: hold, Lane: lane);

    private void Add(params ReadOnlySpan<int> steps)
    {
        foreach (var step in steps)
            _progress.Add(step, Record);
    }

    private (bool V4, bool V6, bool After) MayStop() => (_progress.MayStop("v4"), _progress.MayStop("v6"), _progress.MayStop(null));
}
