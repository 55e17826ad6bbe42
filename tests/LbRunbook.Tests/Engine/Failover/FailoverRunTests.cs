using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Failover;

/// <summary>What a failover does to a fleet when things go right, and when they do not.</summary>
public class FailoverRunTests
{
    private readonly FailoverLab _lab = new(SampleFleet.TwoNodes());

    [Fact]
    public async Task Run_BothServe_AddsBeforeItRemoves()
    {
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["vip.add lb2 public", "vip.announce lb2 public", "vip.remove lb1 public", "vip.announce lb2 public"],
            _lab.World.Faults.Changes);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));
    }

    /// <summary>The first address hangs on its way, for as long as its step may take.</summary>
    [Fact]
    public void Run_EmergencyAndOneAddressHangs_TheOtherMovesMeanwhile()
    {
        var lab = new FailoverLab(SampleFleet.TwoNodes(withIPv6: true));
        var time = new VirtualTime();
        var began = time.GetUtcNow();
        DateTimeOffset? moved = null;
        lab.World["lb1"].ServiceActive = false;
        var plan = lab.Plan().Plan!;
        lab.World.Faults.Inject("vip.add", "lb2", FaultKind.Hang, times: 1);
        lab.World.Faults.OnCall = c => moved ??= c is { Operation: "vip.announce", Subject: "public6" } ? time.GetUtcNow() : null;
        var outcome = time.Run(() =>
            new PlanRunner(new StepContext(lab.Fleet, lab.World, time), _ => { }).RunAsync(plan, CancellationToken.None))!;
        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.Equal(["lb2"], lab.World.HoldersOf("public6"));
        Assert.Equal(began, moved);
    }

    [Fact]
    public async Task Run_EverythingAlreadySo_ChangesNothingThatAnUndoCouldMeet()
    {
        await _lab.RunAsync(_lab.Plan().Plan!);
        var outcome = await _lab.RunAsync(_lab.Plan(repeats: true).Plan!);
        Assert.Equal((RunResult.AlreadySo, false), (outcome.Result, outcome.Changed));
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_ProxyOnTargetStopped_StartsAndEnablesItFirst()
    {
        _lab.World["lb2"].ServiceActive = false;
        _lab.World["lb2"].ServiceEnabled = false;
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["service.start lb2", "service.enable lb2"], _lab.World.Faults.Changes.Take(2));
    }

    [Fact]
    public async Task Run_TargetListensElsewhere_ChangesNothing()
    {
        _lab.World["lb2"].Listens = false;
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal((RunResult.Failed, false), (outcome.Result, outcome.Changed));
        Assert.Empty(_lab.World.Faults.Changes);
        Assert.Equal(["lb1"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_AddOnlyPretends_IsNotConfirmedAndNotCalledFailed()
    {
        _lab.World.Faults.Inject("vip.add", "lb2", FaultKind.Pretend);
        var plan = _lab.Plan().Plan!;
        var outcome = await _lab.RunAsync(plan);
        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.Contains(outcome.Steps,
            s => s.Status == StepStatus.NotConfirmed && s.Detail.Contains("last seen: lb2 does not hold", StringComparison.Ordinal));
        Assert.Equal(["lb1"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_ReplyToRemoveIsLost_LooksAgainAndGoesOn()
    {
        _lab.World.Faults.Inject("vip.remove", "lb1", FaultKind.LoseReply);
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));
    }

    /// <summary>The journal and the outcome know what was done, and how to go on, whatever breaks in lbctl.</summary>
    [Fact]
    public async Task Run_ABugInOneStep_EndsWithWhatWasDoneAndSaysThatItIsABug()
    {
        _lab.World.Faults.Inject("vip.remove", "lb1", FaultKind.Bug);
        _lab.World.Faults.Inject("vip.read", "lb1", FaultKind.Bug, after: 1);
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal((RunResult.Partial, true), (outcome.Result, outcome.Changed));
        Assert.Contains("this is a bug in lbctl: InvalidOperationException: vip.re", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ABugBeforeTheFirstChange_FailsAndHasChangedNothing()
    {
        _lab.World.Faults.Inject("service.read", "lb2", FaultKind.Bug);
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal((RunResult.Failed, false), (outcome.Result, outcome.Changed));
        Assert.Empty(_lab.World.Faults.Changes);
    }

    [Fact]
    public async Task Run_AddIsRefused_NothingChangedAndSourceStillHolds()
    {
        _lab.World.Faults.Inject("vip.add", "lb2", FaultKind.Refuse);
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal((RunResult.Failed, false), (outcome.Result, outcome.Changed));
        Assert.Equal(["lb1"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_InterruptedBetweenAddAndRemove_FinishesTheHandOver()
    {
        using var signal = new CancellationTokenSource();
        _lab.World.Faults.OnCall = call =>
        {
            if (call.Operation == "vip.add")
                signal.Cancel();
        };
        await _lab.InterruptedAsync(_lab.Plan().Plan!, signal.Token);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_InterruptedBeforeTheFirstStep_StartsNothing()
    {
        var outcome = await _lab.InterruptedAsync(_lab.Plan().Plan!, new CancellationToken(canceled: true));
        Assert.Equal(RunResult.Interrupted, outcome.Result);
        Assert.Empty(_lab.World.Faults.Changes);
    }

    [Fact]
    public async Task Run_SomebodyAnswersForTheVipAfterAll_AddsNothing()
    {
        _lab.World["lb1"].Kill();
        var plan = _lab.Plan().Plan!;
        _lab.World["lb1"].OnWire = true;
        var outcome = await _lab.RunAsync(plan);
        Assert.Equal(RunResult.Refused, outcome.Result);
        Assert.Empty(_lab.World.Faults.Changes);
    }

    [Fact]
    public async Task Run_ThirdNodeAnswersForTheVip_IsBlockedBeforeAddingAndNamed()
    {
        var fleet = SampleFleet.TwoNodes();
        fleet = fleet with { Nodes = [.. fleet.Nodes, fleet.Nodes[1] with { Name = "lb3", Host = "10.0.0.13", Priority = 50 }] };
        var lab = new FailoverLab(fleet);
        var plan = lab.Plan().Plan!;
        lab.World["lb3"].Give(fleet.Vip("public"));
        var outcome = await lab.RunAsync(plan);
        Assert.Equal(RunResult.Refused, outcome.Result);
        Assert.Contains("02:00:00:00:00:03 (lb3) answers for 10.0.0.100", outcome.Message, StringComparison.Ordinal);
        Assert.Empty(lab.World.Faults.Changes);

        // The same at the first look is a refusal that names the cure.
        Assert.Equal(("vip-is-taken", "lbctl failover --sweep"), (lab.Plan().Refusals[0].Guard, lab.Plan().Refusals[0].Next));
    }

    /// <summary>In an emergency what serves comes before the second question who else answers; it is asked all the same.</summary>
    [Fact]
    public async Task Run_EmergencyAndAThirdNodeTakesTheAddressMeanwhile_ServesAndIsNotDone()
    {
        var fleet = SampleFleet.TwoNodes();
        fleet = fleet with { Nodes = [.. fleet.Nodes, fleet.Nodes[1] with { Name = "lb3", Host = "10.0.0.13", Priority = 50 }] };
        var lab = new FailoverLab(fleet);
        lab.World["lb1"].ServiceActive = false;
        var plan = lab.Plan().Plan!;
        lab.World["lb3"].Give(fleet.Vip("public"));
        var outcome = await lab.RunAsync(plan);
        Assert.Equal((RunResult.Partial, true), (outcome.Result, outcome.Changed));
        Assert.Contains("02:00:00:00:00:03 (lb3) answers for 10.0.0.100", outcome.Message, StringComparison.Ordinal);
        Assert.True(lab.World["lb2"].Holds(fleet.Vip("public")));
        // Not back to a node that does not serve.
        Assert.All(plan.Steps.Where(s => s.Step is VipUncontestedStep), s => Assert.Equal(WayBack.Unwanted, s.Step.WayBack));
    }

    /// <summary>A repeat of its own announcement would call the clients back; a host that is gone would only keep them waiting.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_OldHolderAnnouncesStill_IsQuietFirstUnlessItIsGone(bool gone)
    {
        if (gone)
            _lab.World["lb1"].Kill();
        var calls = new List<string>();
        _lab.World.Faults.OnCall = call => calls.Add(call.ToString());
        Assert.Equal(RunResult.Done, (await _lab.RunAsync(_lab.Plan().Plan!)).Result);
        var quiet = calls.IndexOf("vip.quiet lb1 public");
        Assert.Equal(gone, quiet < 0);
        Assert.True(quiet < calls.IndexOf("vip.announce lb2 public"), string.Join('\n', calls));
    }

    [Fact]
    public async Task Run_AddressFailedDuplicateDetection_IsBlockedBeforeTheOldHolderLosesIt()
    {
        var plan = _lab.Plan().Plan!;
        _lab.World["lb2"].Addresses.Add(new("eth0", "10.0.0.100", 32, Tentative: true, DadFailed: true));
        var outcome = await _lab.RunAsync(plan);
        Assert.Equal(RunResult.Refused, outcome.Result);
        Assert.Contains("failed duplicate address detection", outcome.Message, StringComparison.Ordinal);
        Assert.Contains("lb1", _lab.World.HoldersOf("public"));
        Assert.Empty(_lab.World.Faults.Changes);
    }

    [Fact]
    public void Run_EveryIntent_ComesBeforeItsChange()
    {
        var seen = new List<string>();
        _lab.World.Faults.OnCall = call => seen.Add(call.ToString());
        var runner = new PlanRunner(new StepContext(_lab.Fleet, _lab.World, _lab.Time),
            e => seen.Add(e is StepIntended i ? $"intent {i.Step.GetType().Name}" : ""));
        _lab.Time.Run(() => runner.RunAsync(_lab.Plan().Plan!, CancellationToken.None));
        Assert.True(seen.IndexOf("intent VipAddStep") is >= 0 and var intent && intent < seen.IndexOf("vip.add lb2 public"));
    }
}
