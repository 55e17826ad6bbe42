using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;
using static LbRunbook.Tests.Core.Diagnosis.DiagnosisAssert;

namespace LbRunbook.Tests.Core.Diagnosis;

public sealed class AffinityDiagnosisTests
{
    private static readonly Dictionary<string, string> Same = new() { ["lb1"] = "web1", ["lb2"] = "web1" };

    [Fact]
    public void Broken_OtherBackendThoughItsOwnIsUp_SaysWhereItWent()
    {
        var finding = One(Measured(new AffinityClient("web1", ["web1", "web2", "web3"], Same)), DiagnosisCode.AffinityBroken,
            Severity.Warning,
            "ssh root@10.0.0.11 grep -nE 'cookie|stick|balance|hash' /etc/haproxy/haproxy.cfg");
        Assert.Equal("2 of 3 requests that came back to public by cookie SRV went to another backend although theirs is up "
            + "(web1 → web2, web1 → web3)", finding.Message);
    }

    [Fact]
    public void Broken_NoProxyHasItConfigured_SaysSo() =>
        Assert.Contains("no node has a cookie, stick rule or hash of clients configured for web", One(
        Sticky(Measured(new AffinityClient("web1", ["web2"], Same)), new("web", [])), DiagnosisCode.AffinityBroken,
        Severity.Warning).Message);

    [Fact]
    public void Broken_ItsOwnBackendIsDownOrDraining_IsNone()
    {
        var seen = Measured(new AffinityClient("web1", ["web2", "web2"], Same));
        None(seen.WithServer("lb1", "web1", s => s with { Admin = AdminState.Drain }), DiagnosisCode.AffinityBroken);
        None(seen.WithServer("lb1", "web1", s => s with { Health = ServerHealth.Down }), DiagnosisCode.AffinityBroken);
    }

    [Fact]
    public void Broken_TheOtherNodeWouldSendItElsewhere_IsAboutThatNode()
    {
        var finding = One(
            Measured(new("web1", ["web1"], Same),
                new AffinityClient("web2", ["web2"], new Dictionary<string, string> { ["lb1"] = "web3", ["lb2"] = "web3" })),
                    DiagnosisCode.AffinityBroken, Severity.Warning);
        Assert.Equal("web/lb2", finding.Subject);
        Assert.Contains("lb2 sends 1 of 2 clients of pool web, recognised by cookie SRV, to another backend than public does",
            finding.Message);
    }

    [Fact]
    public void Kept_Everywhere_IsNone() =>
        None(Measured(new AffinityClient("web1", ["web1", "web1"], Same)), DiagnosisCode.AffinityBroken);

    [Fact]
    public void Problem_OfAVipThatAnswers_IsIncompleteAndNothingMore()
    {
        var seen = Measured() with { Affinities = [Measured().Affinities[0] with { Problem = "/ through public sets no cookie SRV" }] };
        One(seen, DiagnosisCode.ObservationIncomplete, Severity.Unknown);
        None(seen.WithVip(v => v with { Through = Sample.Bad("timed out") }), DiagnosisCode.ObservationIncomplete);
    }

    [Fact]
    public void WithoutBackup_Persist_IsAWarningForBothNodesTogether() => Assert.Equal(
        "clients of pool web are kept with their backend by cookie SRV on lb1 and lb2, and have nowhere to go when it dies: option "
            + "persist without option redispatch",
        One(Sticky(Sample.Healthy, new("web", ["cookie SRV"]) { DeadEnd = "option persist without option redispatch" }),
            DiagnosisCode.AffinityWithoutBackup, Severity.Warning).Message);

    [Fact]
    public void WithoutBackup_OnlyUntilACheckNotices_IsANote() => Assert.Contains("until a health check has noticed",
        One(Sticky(Sample.Healthy, new("web", ["cookie SRV"]) { DeadEnd = "no option redispatch", UntilNoticed = true }),
            DiagnosisCode.AffinityWithoutBackup, Severity.Ok).Message);

    [Fact]
    public void WithoutBackup_OnlyServerOfAStickyPool_IsAWarning()
    {
        var one = Sticky(Sample.Healthy, new PoolStickiness("web", ["ip_hash"]));
        foreach (var node in (string[])["lb1", "lb2"])
            one = one.With(node, n => n with { Proxy = n.Proxy! with { Servers = [Sample.Server("web1")] } });
        Assert.Contains("web1 is the only server", One(one, DiagnosisCode.AffinityWithoutBackup, Severity.Warning).Message);
    }

    [Fact]
    public void WithoutBackup_RedispatchingOrNotSticky_IsNone()
    {
        None(Sticky(Sample.Healthy, new PoolStickiness("web", ["cookie SRV"])), DiagnosisCode.AffinityWithoutBackup);
        None(Sticky(Sample.Healthy, new PoolStickiness("web", [])), DiagnosisCode.AffinityWithoutBackup);
    }

    private static Observation Measured(params AffinityClient[] clients) =>
        Sample.Healthy with { Affinities = [new() { Pool = "web", Vip = "public", Means = "cookie SRV", Clients = clients }] };

    private static Observation Sticky(Observation seen, PoolStickiness stickiness) => seen
        .With("lb1", n => n with { Proxy = n.Proxy! with { Stickiness = [stickiness] } })
        .With("lb2", n => n with { Proxy = n.Proxy! with { Stickiness = [stickiness] } });
}
