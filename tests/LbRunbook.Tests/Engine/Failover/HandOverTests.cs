using System.Text.Json;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Failover;
using LbRunbook.Engine.Failover.HandOver;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Failover;

public class HandOverTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
    private readonly FailoverLab _lab = new(SampleFleet.TwoNodes());

    [Fact]
    public async Task Build_NodesCan_HandsOver() => Golden.Verify(Show(await PlanAsync(_lab.Request())), "hand-over");

    [Fact]
    public async Task Build_OldHaproxyWithoutCloseMap_NamesTheLine()
    {
        _lab.World["lb1"].HasCloseMap = false;
        var plan = (await PlanAsync(_lab.Request())).Plan!;
        Assert.Contains(plan.Warnings,
            w => w.Contains("http-after-response set-header Connection close if { str(drain),map_str(/etc/haproxy/lbctl.map) -m found }",
                StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Steps, s => s.Step is ProxyClosingStep);
    }

    [Theory]
    [InlineData(null, "close them all at once")]
    [InlineData("5s", "close them over 5s (close-spread-time)")]
    public async Task Build_OldHaproxyWithoutCloseMap_RenewsItsWorkers(string? spread, string says)
    {
        _lab.World["lb1"].HasCloseMap = false;
        _lab.World["lb1"].Renewal = new(null, Keeps: false, spread);
        var plan = (await PlanAsync(_lab.Request())).Plan!;
        Assert.Contains(says, Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Equal(new ProxyRenewStep("lb1"), plan.Steps.Select(s => s.Step).TakeWhile(s => s is not HandOverWaitStep).Last());
        Assert.DoesNotContain(plan.Steps, s => s.Step is ServersKeepStep);
    }

    [Fact]
    public async Task Build_WorkersAreRenewedAndStateLasts_WritesItDownFirst()
    {
        _lab.World["lb1"].HasCloseMap = false;
        _lab.World["lb1"].Renewal = new(null, Keeps: true, null);
        var steps = (await PlanAsync(_lab.Request())).Plan!.Steps.Select(s => s.Step).ToList();
        Assert.Equal(steps.IndexOf(new ProxyRenewStep("lb1")) - 1, steps.IndexOf(new ServersKeepStep("lb1")));
    }

    [Fact]
    public async Task Build_NeitherCloseMapNorRenewal_WaitsAndSaysWhatItCosts()
    {
        _lab.World["lb1"].HasCloseMap = false;
        _lab.World["lb1"].Renewal = new("a reload would forget something", Keeps: false, null);
        var plan = (await PlanAsync(_lab.Request())).Plan!;
        Assert.Contains("each busy one then loses a request, because a reload would forget something", Assert.Single(plan.Warnings),
            StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Steps, s => s.Step is ProxyRenewStep or ProxyClosingStep);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Build_NginxWithoutTheLines_SaysWhatItCosts(bool letsClientsGo, int warnings)
    {
        _lab.World["lb1"].LetsClientsGo = letsClientsGo;
        var plan = (await PlanAsync(_lab.Request())).Plan!;
        Assert.Equal(warnings,
            plan.Warnings.Count(w =>
                w.Contains("lb1 lacks the lines that let keep-alive clients go politely (config/nginx/lbctl-recommended.conf)",
                    StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, true, "login on lb1 is not root")]
    [InlineData(true, false, "no systemd-run")]
    public async Task Build_NodesCannot_SaysWhyAndMovesPlainly(bool root, bool timer, string why)
    {
        Fake.Ability = Fake.Ability with { IsRoot = root, HasTimer = timer };
        var plan = (await PlanAsync(_lab.Request())).Plan!;
        Assert.Contains(plan.Warnings,
            w => w.Contains("no hand-over", StringComparison.Ordinal) && w.Contains(why, StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Steps, s => s.Step is HandOverGuardStep);
    }

    [Fact]
    public async Task Build_NoFilterOnTarget_SaysWhichLackWhat()
    {
        Fake.Ability = Fake.Ability with
        {
            Tools = [],
            Lacking = new Dictionary<string,
            string> { ["nft"] = "nft is not installed", ["iptables"] = "no TEE" },
        };
        Assert.Contains("nft: nft is not installed; iptables: no TEE", Assert.Single((await PlanAsync(_lab.Request())).Plan!.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_OtherSegment_SaysSo()
    {
        var node = _lab.World["lb2"];
        node.Addresses[0] = node.Addresses[0] with { Address = "10.99.0.12" };
        Assert.Contains("do not share a network segment", Assert.Single((await PlanAsync(_lab.Request())).Plan!.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_AskedForAndImpossible_Refuses()
    {
        Fake.Ability = Fake.Ability with { HasTimer = false };
        var refusal = Assert.Single((await PlanAsync(_lab.Request() with { HandOver = HandOverWish.On })).Refusals);
        Assert.Equal(("hand-over", "--hand-over off"), (refusal.Guard, refusal.Override));
    }

    [Fact]
    public async Task Build_Off_MovesPlainlyAndSilently() =>
        Assert.Equal(Show(_lab.Plan()), Show(await PlanAsync(_lab.Request() with { HandOver = HandOverWish.Off })));

    [Fact]
    public async Task Run_Everything_LeavesNothing()
    {
        var outcome = await _lab.RunAsync((await PlanAsync(_lab.Request())).Plan!);

        Assert.Equal(RunResult.Done, outcome.Result);
        ExpectClean("lb2");
    }

    /// <summary>Whatever step fails, the inverses written down so far leave one holder and nothing else.</summary>
    [Theory]
    [InlineData("handover.prepare", "lb2", false)]
    [InlineData("handover.prepare", "lb2", true)]
    [InlineData("handover.prepare", "lb1", false)]
    [InlineData("handover.prepare", "lb1", true)]
    [InlineData("vip.add", "lb2", false)]
    [InlineData("vip.add", "lb2", true)]
    [InlineData("vip.announce", "lb2", false)]
    [InlineData("vip.announce", "lb2", true)]
    [InlineData("vip.remove", "lb1", false)]
    [InlineData("vip.remove", "lb1", true)]
    [InlineData("closing.set", "lb1", false)]
    [InlineData("closing.set", "lb1", true)]
    [InlineData("handover.end", "lb2", false)]
    [InlineData("handover.end", "lb2", true)]
    public async Task Undo_FailedAnywhere_LeavesNothing(string operation, string node, bool lost)
    {
        _lab.World.Faults.Inject(operation, node, lost ? FaultKind.LoseReply : FaultKind.Refuse, times: 1);
        var plan = (await PlanAsync(_lab.Request())).Plan! with { OnFailure = OnFailure.Undo };

        var outcome = await _lab.RunAsync(plan);

        // An answer that was lost is looked for, and found; an announcement has nothing to look at.
        Assert.Equal(lost && operation != "vip.announce", outcome.Result == RunResult.Done);
        ExpectClean(outcome.Result == RunResult.Done ? "lb2" : "lb1");
    }

    /// <summary>Nothing has moved yet: rules and silent address would only stand there until their timers end them.</summary>
    [Theory]
    [InlineData("handover.prepare", "lb1", true)]
    [InlineData("vip.add", "lb2", true)]
    [InlineData("vip.add", "lb2", false)]
    public async Task Run_FailsBeforeAnythingHasMoved_TakesTheHandOverAway(string operation, string node, bool running)
    {
        _lab.World["lb2"].ServiceActive = running;
        _lab.World.Faults.Inject(operation, node, FaultKind.Refuse, times: 1);

        var outcome = await _lab.RunAsync((await PlanAsync(_lab.Request())).Plan!);

        // A proxy that was started goes on: that is the rest of what the run has changed.
        Assert.Equal((running ? RunResult.RolledBack : RunResult.Partial, !running), (outcome.Result, outcome.Changed));
        ExpectClean("lb1");
    }

    [Fact]
    public async Task Run_FailsWhenSomethingHasMoved_KeepsTheHandOver()
    {
        _lab.World.Faults.Inject("vip.remove", "lb1", FaultKind.Refuse, times: 1);

        var outcome = await _lab.RunAsync((await PlanAsync(_lab.Request())).Plan!);

        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.All(_lab.World.Nodes, n => Assert.Single(n.HandOvers));
    }

    [Fact]
    public async Task Guard_AddressHasArrived_IsNotSetAnyMore()
    {
        var plan = (await PlanAsync(_lab.Request())).Plan!;
        await _lab.RunAsync(plan);
        var guard = plan.Steps.Select(s => s.Step).OfType<HandOverGuardStep>().Single();

        var probe = await guard.ProbeAsync(new(_lab.Fleet, _lab.World, TimeProvider.System), Cancellation);

        Assert.Equal(ProbeKind.Satisfied, probe.Kind);
    }

    [Fact]
    public async Task Wait_Interrupted_EndsAtOnceAndSaysWhatIsLeft()
    {
        _lab.World["lb1"].Connections["public"] = 3;
        using var interrupt = new CancellationTokenSource();
        _lab.World.Faults.OnCall = call =>
        {
            if (call.Operation == "vip.connections")
                interrupt.Cancel();
        };

        var outcome = await _lab.InterruptedAsync((await PlanAsync(_lab.Request())).Plan!, interrupt.Token);

        Assert.Equal(RunResult.Partial, outcome.Result);
        Assert.Contains("3 connections left on lb1, not waited for: interrupted", outcome.Message, StringComparison.Ordinal);
        Assert.True(outcome.DurationMs < 10_000);
    }

    [Fact]
    public async Task Build_EarlierHandOverLeft_EndsItFirst()
    {
        var observation = _lab.Observe();
        observation = observation with
        {
            Nodes = [.. observation.Nodes.Select(n => n with { HandOvers = [new("21050000617", true, "lb2", "lb1")] })],
        };
        var plan = FailoverPlanner.Build(_lab.Fleet, new() { Observation = observation }, _lab.Request()).Plan!;
        Assert.Equal([new HandOverEndStep("lb1", "21050000617"), new HandOverEndStep("lb2", "21050000617")],
            plan.Steps.Take(2).Select(s => s.Step));
        Assert.Contains(plan.Warnings, w => w.StartsWith("a hand-over from lb2 to lb1 is not over", StringComparison.Ordinal));
        await Task.CompletedTask;
    }

    private FakeHandOver Fake => (FakeHandOver)_lab.World.HandOver;

    private async Task<PlanResult> PlanAsync(FailoverRequest request)
    {
        var seen = _lab.Observe();
        var facts = await new HandOverLook(_lab.Fleet, _lab.World, request).AskAsync(seen, Cancellation);
        return FailoverPlanner.Build(_lab.Fleet, new() { Observation = seen, HandOver = facts }, request);
    }

    private void ExpectClean(string holder)
    {
        Assert.Equal([holder], _lab.World.HoldersOf("public"));
        Assert.All(_lab.World.Nodes, n =>
        {
            Assert.Empty(n.HandOvers);
            Assert.False(n.Closing);
            Assert.DoesNotContain(n.Addresses, a => a.Silent);
        });
    }

    private static string Show(PlanResult result)
    {
        var steps = result.Plan!.Steps.Select((s, i) =>
            $"{i + 1,2}. {s.Step.Describe()}{(s.HoldAfter ? "  (never stop after it)" : "")}\n"
                + $"    {JsonSerializer.Serialize(s.Step, PlanJson.Default.Step)}");
        return $"{result.Plan.Title}\n{string.Join('\n', steps)}\n{string.Join('\n', result.Plan.Warnings.Select(w => "! " + w))}";
    }
}
