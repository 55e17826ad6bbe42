using System.Text.Json;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Failover;
using LbRunbook.Engine.Failover.HandOver;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Failover;

/// <summary>keepalived owns the addresses: what is planned, and what it does to a fleet whose keepalived elects at once.</summary>
public class KeepalivedPlanTests
{
    private readonly FailoverLab _lab = new(SampleFleet.TwoNodes(withIPv6: true));

    public KeepalivedPlanTests()
    {
        Keepalived("lb1", 150);
        Keepalived("lb2", 100);
    }

    private void Keepalived(string node, int priority, Func<VrrpInstance, VrrpInstance>? change = null) =>
        _lab.World[node].Keepalived = new()
    {
        Runs = true,
        MayEdit = true,
        ConfigPath = "/etc/keepalived/keepalived.conf",
        Instances = [.. _lab.Fleet.Vips.Select((v, i) => (change ?? (x => x))(new()
        {
            Name = v.Name, Interface = "eth0", RouterId = 51 + i, Priority = priority,
            Addresses = [new(v.Address.ToString(), v.PrefixLength)],
        }))],
    };

    private void OnBoth(Func<VrrpInstance, VrrpInstance> change)
    {
        Keepalived("lb1", 150, change);
        Keepalived("lb2", 100, change);
    }

    private static string Show(PlanResult result)
    {
        if (result.Plan is not { } plan)
            return string.Join('\n',
                result.Refusals.Select(r =>
                    $"refused [{r.Guard}] {r.Reason} | override: {r.Override ?? "none"} | next: {r.Next ?? "none"}"));
        var lines = plan.Steps.Select((s, i) =>
            $"{i + 1,2}. {s.Step.Describe()}{(s.HoldAfter ? "  (never stop after it)" : "")}\n    "
                + $"{JsonSerializer.Serialize(s.Step, PlanJson.Default.Step)}");
        return $"{plan.Title}\n{string.Join('\n', lines)}\n"
            + $"{string.Join('\n', plan.Warnings.Select(w => "! " + w).Concat(plan.Afterwards.Select(a => "> " + a)))}";
    }

    [Fact]
    public void Build_Planned_LowersThePriority() => Golden.Verify(Show(_lab.Plan()), "keepalived-planned");

    /// <summary>
    /// Who moves the address makes no difference to the connections: guard and keep stand before the election, and end after the proof.
    /// </summary>
    [Fact]
    public async Task Build_NodesCanHandOver_FramesTheElection()
    {
        foreach (var (node, address) in ((string, string)[])[("lb1", "fd00::11"), ("lb2", "fd00::12")])
            _lab.World[node].Addresses.Add(new("eth0", address, 64));
        Golden.Verify(Show(await HandOverAsync(_lab.Request())), "keepalived-hand-over");
    }

    [Theory]
    [InlineData(true, "is frozen on lb1")]
    [InlineData(false, "does not run on lb1")]
    public async Task Build_KeepalivedOnSourceElectsNobody_SaysWhyNothingIsHandedOver(bool frozen, string why)
    {
        _lab.World["lb1"].Keepalived = _lab.World["lb1"].Keepalived! with { Frozen = frozen, Runs = frozen };
        var plan = (await HandOverAsync(_lab.Request())).Plan!;
        Assert.Contains(plan.Warnings,
            w => w.StartsWith("no hand-over of open connections: keepalived carries public", StringComparison.Ordinal)
                && w.Contains(why, StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Steps, s => s.Step is HandOverGuardStep);
    }

    private async Task<PlanResult> HandOverAsync(FailoverRequest request)
    {
        var seen = _lab.Observe();
        var handOver = await new HandOverLook(_lab.Fleet, _lab.World, request).AskAsync(seen, TestContext.Current.CancellationToken);
        return FailoverPlanner.Build(_lab.Fleet, new() { Observation = seen, HandOver = handOver }, request);
    }

    [Fact]
    public void Build_ProxyOnSourceDead_StopsKeepalivedThere()
    {
        _lab.World["lb1"].ServiceActive = false;
        Golden.Verify(Show(_lab.Plan()), "keepalived-emergency");
    }

    [Fact]
    public void Build_SourceFrozen_KillsAndSweeps()
    {
        _lab.World["lb1"].Keepalived = _lab.World["lb1"].Keepalived! with { Frozen = true };
        Golden.Verify(Show(_lab.Plan()), "keepalived-frozen");
    }

    [Fact]
    public void Build_SourceHostGone_WaitsAndAddsNothing()
    {
        _lab.World["lb1"].Kill();
        Golden.Verify(Show(_lab.Plan()), "keepalived-host-gone");
    }

    [Theory]
    [InlineData("unreadable", "keepalived", "--accept-other-owner")]
    [InlineData("target-frozen", "keepalived-target", null)]
    [InlineData("target-without", "keepalived-target", null)]
    [InlineData("router-ids", "keepalived-target", null)]
    [InlineData("target-lowest", "keepalived-priority", "--emergency")]
    [InlineData("not-root", "keepalived-configuration", "--emergency")]
    [InlineData("odd-line", "keepalived-configuration", "--emergency")]
    public void Build_KeepalivedCannot_RefusesWithReason(string what, string guard, string? flag)
    {
        switch (what)
        {
            case "unreadable":
                _lab.World["lb1"].Keepalived = _lab.World["lb1"].Keepalived! with { Instances = [], Error = "may not be read" };
                _lab.World["lb2"].Keepalived = null;
                break;
            case "target-frozen":
                _lab.World["lb2"].Keepalived = _lab.World["lb2"].Keepalived! with { Frozen = true };
                break;
            case "target-without":
                _lab.World["lb2"].Keepalived = null;
                break;
            case "router-ids":
                Keepalived("lb2", 100, i => i with { RouterId = 99 });
                break;
            case "target-lowest":
                Keepalived("lb2", 1);
                break;
            case "not-root":
                _lab.World["lb1"].Keepalived = _lab.World["lb1"].Keepalived! with { MayEdit = false };
                break;
            default:
                Keepalived("lb1", 150, i => i with { EditProblem = "its priority is a variable" });
                break;
        }
        var refusals = _lab.Plan().Refusals;
        Assert.All(refusals, r => Assert.Equal((guard, flag), (r.Guard, r.Override)));
        Assert.NotEmpty(refusals);
    }

    [Fact]
    public async Task Run_Planned_MovesWithoutTouchingAnAddressAndUndoRestores()
    {
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["vrrp.set lb1 public=99 public6=99"], _lab.World.Faults.Changes);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));
        Assert.Contains("keeps priority 99", Assert.Single(outcome.Notes), StringComparison.Ordinal);

        var back = await _lab.RunAsync(_lab.Plan(_lab.Request("lb2", "lb1")).Plan!);
        Assert.Equal(["vrrp.set lb1 public=own public6=own"], _lab.World.Faults.Changes.Skip(1));
        Assert.Equal(RunResult.Done, back.Result);
        Assert.Equal((150, null),
            (_lab.World["lb1"].Keepalived!.Instances[0].Priority, _lab.World["lb1"].Keepalived!.Instances[0].OriginalPriority));
    }

    [Fact]
    public async Task Run_NoPreempt_PutsEverythingBackAndStays()
    {
        OnBoth(i => i with { NoPreempt = true });
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["vrrp.set lb2 public=own! public6=own!", "vrrp.set lb1 public=99 public6=99", "vrrp.set lb2 public=own public6=own",
            "vrrp.set lb1 public=own public6=own"], _lab.World.Faults.Changes);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_PreemptDelay_IsOutOfForceOnlyMeanwhile()
    {
        OnBoth(i => i with { PreemptDelaySeconds = 300 });
        await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal(["vrrp.set lb2 public=own! public6=own!", "vrrp.set lb1 public=99 public6=99", "vrrp.set lb2 public=own public6=own"],
            _lab.World.Faults.Changes);
    }

    [Fact]
    public async Task Run_TrackFile_WritesOneNumber()
    {
        OnBoth(i => i with { TrackFiles = [new("/run/drain", 2, 0, Writable: true)] });
        await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal(["vrrp.track lb1 /run/drain=-26"], _lab.World.Faults.Changes);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_ChangeIsRefused_NothingChangedAndPrioritiesAreAsBefore()
    {
        _lab.World.Faults.Inject("vrrp.set", "lb1", FaultKind.Refuse);
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal((RunResult.Failed, false), (outcome.Result, outcome.Changed));
        Assert.Equal(["lb1"], _lab.World.HoldersOf("public"));
    }

    [Fact]
    public async Task Run_LeftBehindByAKilledKeepalived_IsSwept()
    {
        _lab.World["lb1"].Keepalived = _lab.World["lb1"].Keepalived! with { Runs = false };
        _lab.World.Keepalived.Elect();
        var outcome = await _lab.RunAsync(_lab.Plan().Plan!);
        Assert.Equal(RunResult.Done, outcome.Result);
        Assert.Equal(["vip.remove lb1 public", "vip.remove lb1 public6"], _lab.World.Faults.Changes);
    }

    [Fact]
    public async Task Run_AddressThatKeepalivedDoesNotKnowAndOwnerAccepted_IsMovedByHand()
    {
        _lab.World["lb1"].Keepalived = _lab.World["lb1"].Keepalived! with { Instances = [] };
        _lab.World["lb2"].Keepalived = _lab.World["lb2"].Keepalived! with { Instances = [] };
        await _lab.RunAsync(_lab.Plan(_lab.Request() with { AcceptOtherOwner = true }).Plan!);
        Assert.Contains("vip.add lb2 public", _lab.World.Faults.Changes);
        Assert.Equal(["lb2"], _lab.World.HoldersOf("public"));
    }
}
