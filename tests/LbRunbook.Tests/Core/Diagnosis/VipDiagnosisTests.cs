using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;
using static LbRunbook.Tests.Core.Diagnosis.DiagnosisAssert;

namespace LbRunbook.Tests.Core.Diagnosis;

public sealed class VipDiagnosisTests
{
    [Fact]
    public void Diagnose_NobodyCarriesIt_IsVipUnboundWithTheCommandThatBindsIt() =>
        One(Sample.Healthy.With("lb1", Without).WithVip(v => v with { WireMacs = [], Through = Sample.Bad("no route to host") }),
            DiagnosisCode.VipUnbound, Severity.Critical, "ssh root@10.0.0.11 ip addr replace 10.0.0.100/32 dev eth0");

    [Fact]
    public void Diagnose_StrangerAnswersForIt_IsSaid() =>
        Assert.Contains("stranger", One(
            Sample.Healthy.With("lb1", Without).WithVip(v => v with { WireMacs = ["02:00:00:00:00:99"], Through = Sample.Bad("HTTP 404") }),
            DiagnosisCode.VipUnbound, Severity.Critical).Message);

    [Fact]
    public void Diagnose_HolderUnreachableButWireAnswers_IsNotUnbound() =>
        None(Sample.Healthy.With("lb1", _ => Sample.Silent("lb1") with { WireAnswers = true })
            .WithVip(v => v with { Through = Sample.Bad("HTTP 503") }),
            DiagnosisCode.VipUnbound);

    [Fact]
    public void Diagnose_TwoKernelsCarryIt_IsVipDuplicateAndKeepsTheBetterNode() =>
        One(Sample.Healthy.With("lb2", With), DiagnosisCode.VipDuplicate, Severity.Critical, "lbctl failover --sweep");

    [Fact]
    public void Diagnose_TwoKernelsAndTheBetterOneDoesNotServe_KeepsTheOther() =>
        One(Sample.Healthy.With("lb2", With).With("lb1", n => n with { Service = new(false, true, "dead", 0) }),
            DiagnosisCode.VipDuplicate, Severity.Critical, "lbctl failover --sweep");

    [Fact]
    public void Diagnose_TwoMacsOnTheWire_IsVipDuplicateAndNamesThem()
    {
        var finding = One(Sample.Healthy.WithVip(v => v with { WireMacs = ["52:54:00:00:00:11", "02:00:00:00:00:99"] }),
            DiagnosisCode.VipDuplicate, Severity.Critical);
        Assert.Contains("lb1 (52:54:00:00:00:11) and 02:00:00:00:00:99", finding.Message);
    }

    [Fact]
    public void Diagnose_OnLowerPriorityNode_IsANoteWithTheWayBack() =>
        One(Sample.Healthy.With("lb1", Without).With("lb2", With), DiagnosisCode.VipOnWrongNode, Severity.Ok, "lbctl failover lb2 lb1");

    [Fact]
    public void Diagnose_OnLowerPriorityNodeBecauseTheBetterIsDead_IsNoWrongNode() =>
        None(Sample.Healthy.With("lb1", _ => Sample.Silent("lb1")).With("lb2", With), DiagnosisCode.VipOnWrongNode);

    [Fact]
    public void Diagnose_CheckFailsThroughVip_AdvisesTheStandbyThatPassesIt() =>
        One(Sample.Healthy.WithVip(v => v with { Through = Sample.Bad("HTTP 503 (expected 200)") }),
            DiagnosisCode.VipNotAnswering, Severity.Critical, "lbctl failover lb1 lb2");

    [Fact]
    public void Diagnose_CheckFailsEverywhere_AdvisesMeasuring() =>
        One(Sample.Healthy.WithVip(v => v with { Through = Sample.Bad("HTTP 503") })
            .With("lb2", n => n with { DirectCheck = Sample.Bad("HTTP 503") }),
            DiagnosisCode.VipNotAnswering, Severity.Critical, "lbctl probe http://10.0.0.100/health --for 10s");

    [Theory]
    [InlineData(-1, Severity.Critical)]
    [InlineData(13, Severity.Warning)]
    [InlineData(15, Severity.Ok)]
    public void Diagnose_CertificateEnds_GradesByDaysLeft(double days, Severity expected)
    {
        var certificate = new CertificateState("/etc/haproxy/site.pem", "CN=www.example.com", Sample.Now.AddDays(days));
        var seen = Sample.Healthy.With("lb1", n => n with { Certificates = [certificate] });
        if (expected == Severity.Ok)
            None(seen, DiagnosisCode.CertificateExpiring);
        else
            One(seen, DiagnosisCode.CertificateExpiring, expected);
        if (expected == Severity.Warning)
            One(Sample.Healthy.WithVip(v => v with { Certificate = certificate }), DiagnosisCode.CertificateExpiring, expected);
    }

    [Fact]
    public void Diagnose_ConfigsDifferOnlyInNodesOwnLines_IsNoDrift() =>
        None(Sample.Healthy.With("lb2", n => n with { ConfigHash = "bb" }), DiagnosisCode.ConfigDrift);

    [Fact]
    public void Diagnose_ByteEqualConfigsWithDifferentFingerprints_IsNoDrift() =>
        None(Sample.Healthy.With("lb2", n => n with { ConfigFingerprint = "bb" }), DiagnosisCode.ConfigDrift);

    [Fact]
    public void Diagnose_ConfigsDiffer_IsConfigDrift() =>
        Assert.StartsWith("diff <(ssh root@10.0.0.11 cat", One(
            Sample.Healthy.With("lb2", n => n with { ConfigHash = "bb", ConfigFingerprint = "cc" }), DiagnosisCode.ConfigDrift,
            Severity.Warning).Next);

    private static NodeObservation Without(NodeObservation n) => n with { Addresses = [.. n.Addresses.Where(a => a.PrefixLength != 32)] };
    private static NodeObservation With(NodeObservation n) => n with { Addresses = [.. n.Addresses, Sample.Address("10.0.0.100", 32)] };
}
