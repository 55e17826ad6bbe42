using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;
using static LbRunbook.Tests.Core.Diagnosis.DiagnosisAssert;

namespace LbRunbook.Tests.Core.Diagnosis;

public sealed class BackendNameTests
{
    [Fact]
    public void Diagnose_NamesStandForEachOther_IsSaidWithBothTables()
    {
        var seen = Sample.Healthy.With("lb2", n => n with
        {
            Proxy = n.Proxy! with { Servers = [At("web1", "10.0.1.12"), At("web2", "10.0.1.11"), At("web3", "10.0.1.13")] },
        });
        Assert.Equal("one name is two machines in pool web: lb1: web1 is not told, web2 is not told; "
            + "lb2: web1 is 10.0.1.12:8080, web2 is 10.0.1.11:8080; "
            + "configuration: web1 is 10.0.1.11:8080, web2 is 10.0.1.12:8080",
            One(seen, DiagnosisCode.BackendNamesDiffer, Severity.Warning).Message);
        None(Sample.Healthy, DiagnosisCode.BackendNamesDiffer);
    }

    [Fact]
    public void Diagnose_NameDoesNotResolveOnBothNodes_IsThatAndNeitherDownNorIsolated()
    {
        var seen = Unresolved(Unresolved(Sample.Healthy, "lb1"), "lb2");
        var finding = One(seen, DiagnosisCode.BackendNameUnresolved, Severity.Warning, "ssh root@10.0.0.11 getent ahosts web2.example.com");
        Assert.StartsWith("web2.example.com, the name of web2, does not resolve on lb1 (MAINT (resolution)) and on lb2", finding.Message,
            StringComparison.Ordinal);
        None(seen, DiagnosisCode.BackendDown);
        None(seen, DiagnosisCode.BackendIsolated);
        One(seen, DiagnosisCode.PoolDegraded, Severity.Warning);
    }

    [Fact]
    public void Diagnose_NameDoesNotResolveOnOneNode_NamesThatNode()
    {
        var finding = One(Unresolved(Sample.Healthy, "lb2"), DiagnosisCode.BackendNameUnresolved, Severity.Warning);
        Assert.Contains("does not resolve on lb2 (", finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("lb1", finding.Message, StringComparison.Ordinal);
        None(Unresolved(Sample.Healthy, "lb2"), DiagnosisCode.BackendDisagreement);
    }

    [Fact]
    public void Diagnose_OnlyTheCheckCannotResolve_IsSaidUnlessTheProxyHasItsAddress()
    {
        var blind = Sample.Healthy.WithBackend("web2", b => b with { FromHere = Sample.Bad("cannot resolve 10.0.1.12") });
        None(blind, DiagnosisCode.BackendNameUnresolved);
        var nowhere = blind.WithBackend("web2", b => b with { OnProxies = new Dictionary<string, ServerState>() });
        One(nowhere, DiagnosisCode.BackendNameUnresolved, Severity.Warning, "getent ahosts 10.0.1.12");
    }

    private static Observation Unresolved(Observation seen, string node) => seen.WithServer(node, "web2", s => s with
    {
        HasNoAddress = true, Fqdn = "web2.example.com", Health = ServerHealth.Unknown, Status = "MAINT (resolution)",
    });

    private static ServerState At(string name, string address) => Sample.Server(name) with { Address = $"{address}:8080" };
}
