using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Past;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Failover;

/// <summary>FROM lives, SSH does not reach it, and there is a way to make sure that it serves nothing.</summary>
public sealed class FenceTests
{
    private static readonly FenceMethod Agent = new CommandFence(["/usr/sbin/fence_ipmilan", "--ip={host}"])
    {
        Timeout = TimeSpan.FromSeconds(1),
    };
    private static readonly FenceMethod OtherWay = new AddressFence("10.9.0.11") { Timeout = TimeSpan.FromSeconds(1) };

    private static FailoverLab LabWith(FleetEnvironment environment, params FenceMethod[] fence)
    {
        var fleet = SampleFleet.TwoNodes(environment: environment);
        var lab = new FailoverLab(fleet with { Nodes = [fleet.Nodes[0] with { Fence = fence }, fleet.Nodes[1]] });
        lab.World["lb1"].CutSsh();
        return lab;
    }

    private static FailoverLab LabWith(params FenceMethod[] fence) => LabWith(FleetEnvironment.Lab, fence);

    [Fact]
    public void Build_AliveWithFence_FencesAfterTheTargetHasProvenItself() =>
        Golden.Verify(FailoverPlannerTests.Show(LabWith(FleetEnvironment.Staging, OtherWay, Agent).Plan()), "fence-first");

    [Fact]
    public void Build_AliveWithoutFence_RefusesAndSaysHowToConfigureOne() =>
        Golden.Verify(FailoverPlannerTests.Show(LabWith().Plan()), "refused-no-fence");

    [Fact]
    public void Build_OnlyFenceHasNoProvider_RefusesAndSaysSo()
    {
        var refusal = Assert.Single(LabWith(new Ec2Fence("i-0123456789abcdef0", "eu-west-1")).Plan().Refusals);
        Assert.Contains("stop of EC2 instance i-0123456789abcdef0 in eu-west-1) is not carried out by this build", refusal.Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Build_NoFenceAskedFor_Refuses()
    {
        var lab = LabWith(Agent);
        Assert.Equal("holder-silent", Assert.Single(lab.Plan(lab.Request() with { NoFence = true }).Refusals).Guard);
    }

    [Fact]
    public void Build_Unattended_RefusesWhateverItWasGiven()
    {
        var lab = LabWith(Agent);
        var refusal = Assert.Single(lab.Plan(lab.Request() with { Unattended = true, AcceptSplitBrain = true, CanAsk = true }).Refusals);
        Assert.Equal(("holder-silent", null), (refusal.Guard, refusal.Override));
    }

    [Fact]
    public void Build_HolderIsDown_DoesNotFenceTheDead()
    {
        var lab = LabWith(Agent);
        lab.World["lb1"].Kill();
        Assert.DoesNotContain(lab.Plan().Plan!.Steps, s => s.Step is FenceNodeStep);
    }

    [Fact]
    public void Build_SplitBrainAccepted_IsInTheJournalsSubjects()
    {
        var lab = LabWith();
        var plan = lab.Plan(lab.Request() with { AcceptSplitBrain = true }).Plan!;
        Assert.Equal("split brain", plan.Subjects["accepted"]);
    }

    [Fact]
    public async Task Run_AgentWorks_FencesThenAdds()
    {
        var lab = LabWith(Agent);
        var outcome = await lab.RunAsync(lab.Plan().Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["fence lb1 fence_ipmilan", "vip.add lb2 public", "vip.announce lb2 public"], lab.World.Faults.Changes);
        Assert.Contains(lab.Events.OfType<StepNoted>(), n => n.Text.StartsWith("fence_ipmilan: lb1 is silent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_OtherAddressWorks_TakesTheAddressAwayAndLeavesTheNodeAlive()
    {
        var lab = LabWith(OtherWay, Agent);
        var outcome = await lab.RunAsync(lab.Plan().Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["lb2"], lab.World.HoldersOf("public"));
        Assert.True(lab.World["lb1"].OnWire);
    }

    [Fact]
    public async Task Run_FirstMethodFails_TriesTheNextAndReportsBoth()
    {
        var lab = LabWith(OtherWay, Agent);
        lab.World.Fencing.OtherWayCut.Add("lb1");
        var outcome = await lab.RunAsync(lab.Plan().Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["ssh over 10.9.0.11: no route to host", "fence_ipmilan: lb1 is silent"],
            lab.Events.OfType<StepNoted>().Select(n => n.Text.Split(" (")[0]));
    }

    [Fact]
    public async Task Run_AgentLies_IsNotConfirmedAndAddsNothing()
    {
        var lab = LabWith(Agent);
        lab.World.Faults.Inject("fence", "lb1", FaultKind.Pretend);
        var outcome = await lab.RunAsync(lab.Plan().Plan!);
        // An agent was started: what it did nobody knows, so this is never "nothing changed".
        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.Equal(StepStatus.NotConfirmed, outcome.Steps.Single(s => s.Uses == "node.fence").Status);
        Assert.Contains("still answers for 10.0.0.100, heard from here and client", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(["fence lb1 fence_ipmilan"], lab.World.Faults.Changes);
        Assert.Equal(["lb1"], lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_NoMethodDidAnything_FailedAndNothingChanged()
    {
        var lab = LabWith(OtherWay);
        lab.World.Fencing.OtherWayCut.Add("lb1");
        var outcome = await lab.RunAsync(lab.Plan().Plan!);
        Assert.Equal((RunResult.Failed, false), (outcome.Result, outcome.Changed));
    }

    [Fact]
    public async Task Run_OnlyOneCouldAskTheWire_IsBlockedBeforeAnythingIsFenced()
    {
        var lab = LabWith(Agent);
        var plan = lab.Plan().Plan!;
        lab.World.HereOnSegment = false;
        lab.World.SilentWitnesses.Add("client");
        lab.World.ClientNeighbours.Clear();
        lab.World["lb1"].Addresses.RemoveAll(a => a.Address == "10.0.0.100");
        var outcome = await lab.RunAsync(plan);
        Assert.Equal(RunResult.Refused, outcome.Result);
        Assert.Contains("only lb2 could ask the wire", outcome.Message, StringComparison.Ordinal);
        Assert.Empty(lab.World.Faults.Changes);
    }

    [Fact]
    public async Task Undo_OfAFence_SaysThatItIsNotTakenBackAndLeavesTheHolder()
    {
        var lab = LabWith(Agent);
        var plan = lab.Plan().Plan!;
        var outcome = await lab.RunAsync(plan);
        var run = new RunRecord
        {
            Start = RunStarted.Of(plan, "20260301-030000-000-failover", DateTimeOffset.UnixEpoch, SampleProcess.Gone),
            Intents = [.. lab.Events.OfType<StepIntended>()], Finished = [.. lab.Events.OfType<StepFinished>()], Outcome = outcome,
            State = RunState.Finished,
        };
        var undo = UndoPlanner.Build(lab.Fleet, new PastRun { Chain = [run] }, acceptLater: false).Plan!;
        Assert.Contains("lb1 was fenced (fence_ipmilan): that is not taken back", Assert.Single(undo.Warnings), StringComparison.Ordinal);
        await lab.RunAsync(undo);
        Assert.True(lab.World["lb2"].Holds(lab.Fleet.Vip("public")), "an undo must not take the address from its only living holder");
    }

    [Fact]
    public async Task Run_ConfirmCommandSaysNo_DoesNotCount()
    {
        var lab = LabWith(Agent with { Confirm = ["/usr/bin/is-off"] });
        lab.World.Faults.Inject("fence", "lb1", FaultKind.Pretend);
        var outcome = await lab.RunAsync(lab.Plan().Plan!);
        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.Contains(lab.Events.OfType<StepNoted>(), n => n.Text.Contains("power is on", StringComparison.Ordinal));
    }
}
