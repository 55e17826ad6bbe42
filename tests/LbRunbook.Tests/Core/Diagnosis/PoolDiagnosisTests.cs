using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;
using static LbRunbook.Tests.Core.Diagnosis.DiagnosisAssert;

namespace LbRunbook.Tests.Core.Diagnosis;

public sealed class PoolDiagnosisTests
{
    [Fact]
    public void Diagnose_OneBackendDown_IsAWarningWithItsReason()
    {
        var seen = Down(Sample.Healthy, "web2");
        Assert.Contains("66", $"{100 * Assessment.Of(Sample.Fleet, seen).HealthRatio:0.0}");
        One(seen, DiagnosisCode.PoolDegraded, Severity.Warning);
        var finding = One(seen, DiagnosisCode.BackendDown, Severity.Warning, "lbctl auto-recover web2");
        Assert.Equal("ssh root@10.0.1.12 systemctl status app", finding.Or);
        Assert.Contains("DOWN (L4CON) on lb1 and lb2", finding.Message);
        Assert.Contains("from here: connection refused", finding.Message);
    }

    [Fact]
    public void Diagnose_BelowMinimumHealthy_IsCritical() =>
        One(Down(Down(Sample.Healthy, "web2"), "web3"), DiagnosisCode.PoolDegraded, Severity.Critical);

    [Fact]
    public void Diagnose_NoBackendLeft_IsPoolDown()
    {
        var seen = Down(Down(Down(Sample.Healthy, "web1"), "web2"), "web3");
        One(seen, DiagnosisCode.PoolDown, Severity.Critical, "lbctl auto-recover web1");
        None(seen, DiagnosisCode.PoolDegraded);
    }

    [Fact]
    public void Diagnose_DrainedBackend_IsIsolatedNotDown()
    {
        var seen = Both(Sample.Healthy, "web2", s => s with { Admin = AdminState.Drain, Status = "DRAIN" });
        One(seen, DiagnosisCode.BackendIsolated, Severity.Ok, "lbctl restore-backend web2");
        None(seen, DiagnosisCode.BackendDown);
        Assert.Contains("1 taken out on purpose (67 %, minimum 50 %); web2 is out and passes its checks",
            One(seen, DiagnosisCode.PoolDegraded, Severity.Warning, "lbctl restore-backend web2").Message);
    }

    /// <summary>Who is out and fails its checks is repaired, not brought back.</summary>
    [Fact]
    public void Diagnose_DrainedBackendFailsItsChecks_IsRecovered() =>
        One(Both(Down(Sample.Healthy, "web2"), "web2", s => s with { Admin = AdminState.Maint, Status = "MAINT" }),
            DiagnosisCode.BackendIsolated, Severity.Ok, "lbctl auto-recover web2");

    [Fact]
    public void Diagnose_PoolWithAnEmergencyBackend_NamesWhatStandsBy()
    {
        var pool = Sample.Fleet.Pools[0] with { Emergency = [new() { Name = "em1", Host = "10.0.1.31", Port = 8080, Pool = "web" }] };
        var fleet = Sample.Fleet with { Pools = [pool] };
        var finding = Assert.Single(Diagnoser.Diagnose(fleet, Down(Sample.Healthy, "web2")), f => f.Code == DiagnosisCode.PoolDegraded);
        Assert.Equal("lbctl scale-out --pool web", finding.Next);
        Assert.EndsWith("; em1 stands by", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_NameInTwoPools_IsSaidWithItsPool()
    {
        var api = Sample.Fleet.Pools[0] with { Name = "api", Backends = [Sample.Fleet.Pools[0].Backends[1] with { Pool = "api" }] };
        var fleet = Sample.Fleet with { Pools = [Sample.Fleet.Pools[0], api] };
        Assert.Contains(Diagnoser.Diagnose(fleet, Down(Sample.Healthy, "web2")),
            f => f is { Code: DiagnosisCode.BackendDown, Next: "lbctl auto-recover web2 --from web" });
    }

    [Fact]
    public void Diagnose_NodesDisagree_IsBackendDisagreement() =>
        Assert.Contains("in rotation on lb1 but DOWN on lb2", One(
            Sample.Healthy.WithServer("lb2", "web2", s => s with { Health = ServerHealth.Down, Status = "DOWN" }),
            DiagnosisCode.BackendDisagreement, Severity.Warning).Message);

    [Fact]
    public void Diagnose_SlowBackend_IsBackendSlow() =>
        Assert.Contains("2.6 s", One(
            Sample.Healthy.WithBackend("web2", b => b with { FromHere = Sample.Good(2600) }), DiagnosisCode.BackendSlow,
            Severity.Warning).Message);

    [Fact]
    public void Diagnose_UnreachableFromOneNode_NamesThePath() =>
        Assert.Contains("answers from here but not from lb2", One(
            Sample.Healthy.WithBackend("web2",
                b => b with
                {
                    FromNodes = new Dictionary<string,
                    CheckResult> { ["lb1"] = Sample.Good(1), ["lb2"] = Sample.Bad("timed out") },
                }),
            DiagnosisCode.BackendUnreachableFromNode, Severity.Warning).Message);

    [Fact]
    public void Diagnose_WeStandOutsideTheBackendsNetwork_IsNoFinding()
    {
        var seen = Sample.Healthy;
        foreach (var name in (string[])["web1", "web2", "web3"])
            seen = seen.WithBackend(name, b => b with { FromHere = Sample.Bad("timed out") });
        Assert.Empty(Diagnoser.Diagnose(Sample.Fleet, seen));
    }

    [Fact]
    public void Diagnose_FailingDeepCheck_MakesABackendUnhealthy() =>
        Assert.Contains("deep check: HTTP 500", One(
            Sample.Healthy.WithBackend("web2", b => b with { Deep = Sample.Bad("HTTP 500") }), DiagnosisCode.BackendDown,
            Severity.Warning).Message);

    [Fact]
    public void Diagnose_SessionsAgainstWeight_NeedsEnoughSamples()
    {
        None(Sessions(10, 200, 200), DiagnosisCode.UnevenTraffic);
        One(Sessions(100, 500, 500), DiagnosisCode.UnevenTraffic, Severity.Ok);
        None(Sessions(400, 500, 500), DiagnosisCode.UnevenTraffic);
    }

    private static Observation Sessions(params long[] totals) =>
        Sample.Healthy.With("lb1",
            n => n with
            {
                Proxy = n.Proxy! with { Servers = [.. totals.Select((t, i) => Sample.Server($"web{i + 1}") with { TotalSessions = t })] },
            });

    private static Observation Down(Observation seen, string backend) =>
        Both(seen, backend, s => s with { Health = ServerHealth.Down, Status = "DOWN", LastCheck = "L4CON" })
            .WithBackend(backend, b => b with
            {
                FromHere = Sample.Bad("connection refused"),
                FromNodes = b.FromNodes.ToDictionary(p => p.Key, _ => Sample.Bad("connection refused")),
            });

    private static Observation Both(Observation seen, string backend, Func<ServerState, ServerState> change) =>
        seen.WithServer("lb1", backend, change).WithServer("lb2", backend, change);
}
