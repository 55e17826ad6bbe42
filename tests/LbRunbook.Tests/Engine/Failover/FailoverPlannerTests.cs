using System.Text.Json;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Failover;

public class FailoverPlannerTests
{
    private readonly FailoverLab _lab = new(SampleFleet.TwoNodes(withIPv6: true));

    internal static string Show(PlanResult result)
    {
        if (result.Plan is not { } plan)
            return string.Join('\n',
                result.Refusals.Select(r =>
                    $"refused [{r.Guard}] {r.Reason} | override: {r.Override ?? "none"} | next: {r.Next ?? "none"}"));
        var lines = plan.Steps.Select((s, i) =>
            $"{i + 1,2}. {s.Step.Describe()}{(s.HoldAfter ? "  (never stop after it)" : "")}\n    "
                + $"{JsonSerializer.Serialize(s.Step, PlanJson.Default.Step)}");
        return $"{plan.Title}\nrisk {plan.Risk}, on failure "
            + $"{plan.OnFailure}\n{string.Join('\n', lines)}\n{string.Join('\n', plan.Warnings.Select(w => "! " + w))}";
    }

    [Fact]
    public void Build_BothNodesServe_MakesBeforeItBreaks() => Golden.Verify(Show(_lab.Plan()), "planned");

    [Fact]
    public void Build_ProxyOnSourceDead_RemovesThereFirst()
    {
        _lab.World["lb1"].ServiceActive = false;
        Golden.Verify(Show(_lab.Plan()), "remove-first");
    }

    [Fact]
    public void Build_SourceHostGone_ChecksTheWireBeforeItAdds()
    {
        _lab.World["lb1"].Kill();
        Golden.Verify(Show(_lab.Plan()), "host-gone");
    }

    [Fact]
    public void Build_StopProxyAskedFor_WaitsForSessionsThenStops() =>
        Golden.Verify(Show(_lab.Plan(_lab.Request() with { StopProxy = true })), "stop-proxy");

    [Fact]
    public void Build_EmergencyAskedFor_RemovesFirstAlthoughSourceServes()
    {
        var plan = _lab.Plan(_lab.Request() with { Emergency = true }).Plan!;
        Assert.Contains("emergency, as asked", plan.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_SourceHostGoneAndAThirdServes_HasNothingToMove()
    {
        var two = SampleFleet.TwoNodes();
        var lab = new FailoverLab(two with { Nodes = [.. two.Nodes,
            two.Nodes[1] with { Name = "lb3", Host = "10.0.0.13", Priority = 50 }] });
        lab.World["lb1"].Kill();
        lab.World["lb3"].Give(lab.Fleet.Vip("public"));
        var refusal = Assert.Single(lab.Plan().Refusals);
        Assert.Equal(("source-holds-vip", "lbctl assess"), (refusal.Guard, refusal.Next));
        Assert.Contains("lb1 cannot be reached, and lb3 holds public", refusal.Reason, StringComparison.Ordinal);
    }

    /// <summary>While nobody serves each address goes its own way; what serves is moved one address after the other.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void Build_TwoAddresses_MoveSideBySideOnlyInAnEmergency(bool serves, int lanes)
    {
        _lab.World["lb1"].ServiceActive = serves;
        var moves = _lab.Plan().Plan!.Steps
            .Where(s => s.Step is VipAddStep or VipRemoveStep or VipAnnounceStep or VipUncontestedStep).ToList();
        Assert.Equal(lanes, moves.Select(s => s.Lane).Distinct().Count());
        Assert.All(moves, s => Assert.True(s.Lane is null == serves));
    }

    [Fact]
    public void Build_SameNodeTwice_Refuses() =>
        Assert.Equal("different-nodes", Assert.Single(_lab.Plan(_lab.Request("lb1", "lb1")).Refusals).Guard);

    [Fact]
    public void Build_NodesSwapped_NamesTheRightCommand()
    {
        var refusal = Assert.Single(_lab.Plan(_lab.Request("lb2", "lb1")).Refusals);
        Assert.Equal(("source-holds-vip", "lbctl failover lb1 lb2"), (refusal.Guard, refusal.Next));
    }

    [Fact]
    public void Build_SwappedButTheSameAsTheLastRun_ProvesThatItHolds()
    {
        var plan = _lab.Plan(_lab.Request("lb2", "lb1"), repeats: true).Plan!;
        Assert.Contains("already", plan.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_SourceUnreachableButAnswersArp_RefusesWithoutSplitBrainFlag()
    {
        _lab.World["lb1"].CutSsh();
        var refusal = Assert.Single(_lab.Plan().Refusals);
        Assert.Equal(("holder-silent", "--accept-split-brain"), (refusal.Guard, refusal.Override));
        Assert.NotNull(_lab.Plan(_lab.Request() with { AcceptSplitBrain = true }).Plan);
    }

    [Fact]
    public void Build_TargetIllInThreeWays_GivesEveryReasonAtOnce()
    {
        _lab.World["lb1"].CutSsh();
        _lab.World["lb2"].ProxyAnswers = false;
        _lab.World["lb2"].ConfigurationError = "[ALERT] unknown keyword 'blance'";
        Golden.Verify(Show(_lab.Plan()), "refused-three");
    }

    [Fact]
    public void Build_TargetsTestCouldNotBeRun_IsAWarningAndNoRefusal()
    {
        _lab.World["lb2"].ConfigurationUntested = "sudo needs a password";
        Assert.Contains("the configuration of haproxy on lb2 was not tested: sudo needs a password", _lab.Plan().Plan!.Warnings);
    }

    [Fact]
    public void Build_TargetDown_Refuses()
    {
        _lab.World["lb2"].Kill();
        Assert.Equal("target-reachable", Assert.Single(_lab.Plan().Refusals).Guard);
    }

    [Fact]
    public void Build_NobodyHoldsTheVip_PutsItOnTheTarget()
    {
        _lab.World["lb1"].Addresses.RemoveAll(a => a.Address == "10.0.0.100");
        Assert.Contains("add the virtual IP public on lb2", Show(_lab.Plan()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FleetEnvironment.Lab, Risk.Low)]
    [InlineData(FleetEnvironment.Staging, Risk.Moderate)]
    [InlineData(FleetEnvironment.Production, Risk.Severe)]
    public void Build_Environment_DecidesTheRisk(FleetEnvironment environment, Risk risk) =>
        Assert.Equal(risk, new FailoverLab(SampleFleet.TwoNodes(environment: environment)).Plan().Plan!.Risk);
}
