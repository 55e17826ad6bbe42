using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Runs;
using Xunit;

namespace LbRunbook.Tests.Engine.Runs;

/// <summary>Each result's exit code, and the command that leads on from it.</summary>
public sealed class RunEndTests : IDisposable
{
    private readonly EngineLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(RunResult.Done, null, 0, "lbctl undo run")]
    [InlineData(RunResult.AlreadySo, null, 0, null)]
    [InlineData(RunResult.Failed, null, 1, "lbctl assess")]
    [InlineData(RunResult.ChangesPending, null, 2, "lbctl x")]
    [InlineData(RunResult.Refused, null, 3, "lbctl assess")]
    [InlineData(RunResult.Partial, null, 4, "lbctl undo run")]
    [InlineData(RunResult.RolledBack, null, 5, "lbctl assess")]
    [InlineData(RunResult.Locked, null, 6, null)]
    [InlineData(RunResult.Interrupted, null, 130, "lbctl assess")]
    [InlineData(RunResult.Interrupted, 143, 143, "lbctl assess")]
    public void Complete_AnyResult_HasItsCodeAndTheCommandThatLeadsOn(RunResult result, int? signal, int code, string? next)
    {
        var ended = End(result, signal: signal);
        Assert.Equal((code, next), (ended.ExitCode, ended.Next));
    }

    [Fact]
    public void Complete_PlanThatTakesARunBack_IsNotUndoneButRepeated()
    {
        var undo = Planned() with { Undoes = "earlier" };
        Assert.Equal("lbctl assess", End(RunResult.Done, undo).Next);
        Assert.Equal("lbctl x --dry-run", End(RunResult.Partial, undo).Next);
    }

    [Theory]
    [InlineData(StepStatus.Done, "lbctl assess")]
    [InlineData(StepStatus.NotConfirmed, "lbctl assess")]
    [InlineData(StepStatus.Failed, "lbctl undo run")]
    public void Complete_FencedNode_HasNoWayBack(StepStatus status, string next) =>
        Assert.Equal(next, End(RunResult.Partial, Planned(FenceNodeStep.Of(_lab.Lab.Fleet.Node("lb1") with { Fence = [] })),
            status: status).Next);

    [Fact]
    public void Complete_ConnectionsStillOpen_IsGoneOnWith() =>
        Assert.Equal("lbctl resume run",
            End(RunResult.Partial, Planned(new HandOverWaitStep("lb1", "1", 5)), status: StepStatus.NotConfirmed).Next);

    [Fact]
    public void Complete_BackendVerb_IsFinishedRatherThanTakenBack()
    {
        var run = InHand("isolate-backend");
        Assert.Equal("lbctl resume run", RunEnd.Complete(run, Planned(), Outcome(RunResult.Partial), null).Next);
    }

    /// <summary>Whoever stopped it with Ctrl-C is told both.</summary>
    [Fact]
    public void Complete_InTheMiddle_NamesForwardAndBack()
    {
        var ended = End(RunResult.Partial, signal: 130);
        Assert.Equal(("lbctl undo run", "lbctl resume run"), (ended.Next, ended.Or));
        ended = RunEnd.Complete(InHand("isolate-backend"), Planned(), Outcome(RunResult.Partial), 130);
        Assert.Equal(("lbctl resume run", "lbctl undo run"), (ended.Next, ended.Or));
        Assert.Null(End(RunResult.Done).Or);
        Assert.Null(End(RunResult.Partial, Planned() with { Undoes = "earlier" }).Or);
        Assert.Null(End(RunResult.Partial, Planned(new HandOverWaitStep("lb1", "1", 5)), status: StepStatus.NotConfirmed).Or);
    }

    private RunOutcome End(RunResult result, Plan? plan = null, int? signal = null, StepStatus status = StepStatus.Done) =>
        RunEnd.Complete(InHand("failover"), plan ?? Planned(),
            Outcome(result, (plan ?? Planned()).Steps.Select(s => new StepOutcome("", "", status, "", 1))), signal);

    private static RunOutcome Outcome(RunResult result, IEnumerable<StepOutcome>? steps = null) => new()
    {
        Verb = "x",
        RunId = "run",
        Result = result,
        Steps = [.. steps ?? []],
    };

    private RunInHand InHand(string verb) =>
        new(_lab.World, _lab.Action(verb), new() { Command = "lbctl x --dry-run", DetailedExitCode = true }, "run");

    private static Plan Planned(params Step[] steps) =>
        new()
        {
            Verb = "x",
            Cluster = "web-test",
            Environment = LbRunbook.Core.Model.FleetEnvironment.Lab,
            Title = "",
            Steps = [.. steps.Select(s => new PlannedStep(s))],
        };
}
