using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using Xunit;

namespace LbRunbook.Tests.Engine.Backends;

public sealed class CapacityGuardTests : IDisposable
{
    private readonly BackendLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Isolate_NginxWithoutTheLines_SaysWhatEachChangeCosts()
    {
        (_lab.World["lb1"].LetsClientsGo, _lab.World["lb2"].LetsClientsGo) = (false, true);
        var warning = Assert.Single(_lab.Isolate().Plan!.Warnings, w => w.Contains("nginx", StringComparison.Ordinal));
        Assert.StartsWith("lb1 runs nginx without the lines that let clients go before a reload", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyVerb_ProxyServesAndWouldNotHearOfIt_IsRefused()
    {
        _lab.World["lb2"].WhyNoChange = "nginx on lb2 was not found: it runs in a container (pid 7)";

        foreach (var result in (PlanResult[])[_lab.Isolate(), _lab.Restore(), _lab.Drain(new())])
            Assert.Equal(("daemon-seen", "nginx on lb2 was not found: it runs in a container (pid 7)"),
                (result.Refusals[0].Guard, result.Refusals[0].Reason));
    }

    [Fact]
    public void Isolate_AllHealthy_IsAllowed() => Assert.Empty(_lab.Isolate().Refusals);

    [Fact]
    public void Isolate_OneOfThreeDownAlready_IsRefusedWithTheNumbers()
    {
        _lab.ChangeEverywhere("web2", s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        var refusal = _lab.Isolate().Refusals[0];
        Assert.Equal(("minimum-capacity", "--accept-low-capacity"), (refusal.Guard, refusal.Override));
        Assert.Equal("web on lb1 would be left with 33 % of its weight (1 of 3 servers: web3); the limit is 50 %", refusal.Reason);
        Assert.Empty(_lab.Isolate(request: new() { AcceptLowCapacity = true }).Refusals);
    }

    [Fact]
    public void Isolate_OneNodeOnlyIsShort_NamesThatNode()
    {
        _lab.Change("lb2", "web2", s => s with { Admin = AdminState.Maint, Status = "MAINT" });
        Assert.Contains("web on lb2", Assert.Single(_lab.Isolate().Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Isolate_LastOne_IsRefusedUnlessTheEmptyPoolIsAccepted()
    {
        foreach (var other in (string[])["web2", "web3"])
            _lab.ChangeEverywhere(other, s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        Assert.All(_lab.Isolate(request: new() { AcceptLowCapacity = true }).Refusals,
            r => Assert.Equal(("last-backend", "--accept-empty-pool"), (r.Guard, r.Override)));
        Assert.Empty(_lab.Isolate(request: new() { AcceptEmptyPool = true }).Refusals);
    }

    [Fact]
    public void Isolate_OthersWouldOverflow_IsRefusedWithTheLoad()
    {
        _lab.ChangeEverywhere("web2", s => s with { CurrentSessions = 98, SessionLimit = 100 });
        Assert.Contains("web2 on lb1 would go to 103 % of its maxconn (100)", _lab.Isolate().Refusals.Select(r => r.Reason));
    }

    [Fact]
    public void Isolate_OthersWouldBeTight_SaysSo()
    {
        _lab.ChangeEverywhere("web2", s => s with { CurrentSessions = 92, SessionLimit = 100 });
        Assert.Contains("web2 on lb1 would go to 97 % of its maxconn (100)", _lab.Isolate().Plan!.Warnings);
    }

    [Fact]
    public void Isolate_WeightsDiffer_CountsWeightNotHeads()
    {
        _lab.ChangeEverywhere("web1", s => s with { Weight = 200, InitialWeight = 200 });
        _lab.ChangeEverywhere("web3", s => s with { Weight = 50, InitialWeight = 50 });
        // 150 of 350.
        Assert.Equal(2, _lab.Isolate().Refusals
            .Count(r => r.Guard == "minimum-capacity" && r.Reason.Contains("43 %", StringComparison.Ordinal)));
    }

    [Fact]
    public void Isolate_OutOfRotationAlready_TakesNothingAway()
    {
        _lab.ChangeEverywhere("web1", s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        _lab.ChangeEverywhere("web2", s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        Assert.IsType<Plan>(_lab.Isolate().Plan);
    }
}
