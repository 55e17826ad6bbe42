using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Diagnosis;

/// <summary>One cause is one finding; what follows from it is linked to it and is no problem of its own.</summary>
public sealed class ConsequencesTests
{
    [Fact]
    public void Link_HolderIsDown_AddressFollowsFromIt()
    {
        var seen = Sample.Healthy.With("lb1", _ => Sample.Silent("lb1"))
            .WithVip(v => v with { WireMacs = [], Through = Sample.Bad("timed out after 2s"), AnsweredBy = null });
        Expect(seen, "NodeDown lb1", "NodeDown lb1 ← VipUnbound public", "NodeDown lb1 ← VipNotAnswering public");
    }

    [Fact]
    public void Link_ProxyDown_SilentAddressFollowsFromIt() =>
        Expect(ProxyDown(Sample.Healthy), "ProxyDown lb1", "ProxyDown lb1 ← VipNotAnswering public");

    [Fact]
    public void Link_OneBackendDown_PoolFollowsFromIt() =>
        Expect(Down("web2"), "BackendDown web/web2", "BackendDown web/web2 ← PoolDegraded web");

    [Fact]
    public void Link_SeveralBackendsDown_FollowFromThePool() =>
        Expect(Down("web2", "web3"),
            "PoolDegraded web", "PoolDegraded web ← BackendDown web/web2", "PoolDegraded web ← BackendDown web/web3");

    [Fact]
    public void Link_NoneIsLeft_BackendsAndTheErrorFollowFromThePool() =>
        Expect(Down("web1", "web2", "web3").WithVip(v => v with { Through = Sample.Bad("HTTP 503 (expected 200)") }),
            "PoolDown web", "PoolDown web ← BackendDown web/web1", "PoolDown web ← BackendDown web/web2",
            "PoolDown web ← BackendDown web/web3", "PoolDown web ← VipNotAnswering public");

    [Fact]
    public void Link_TwoCauses_AreTwoProblems()
    {
        var assessment = Assessment.Of(Sample.Fleet, ProxyDown(Down("web2")));
        Assert.Equal([DiagnosisCode.ProxyDown, DiagnosisCode.BackendDown], assessment.Problems.Select(p => p.Code));
        Assert.Equal("no answer from public; 2 problems, 1 critical", assessment.Summary);
        Assert.StartsWith("ProxyDown: ", assessment.Verdict, StringComparison.Ordinal);
        Assert.EndsWith("(and 1 more)", assessment.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_WhatIsNotSeen_IsNotClaimed()
    {
        Assert.Equal("an answer from public is not known; 1 problem",
            Assessment.Of(Sample.Fleet, Down("web2").WithVip(v => v with { Through = null })).Summary);
        Assert.Equal("answered: public, but nothing is left of pool web; 1 problem, critical",
            Assessment.Of(Sample.Fleet, Down("web1", "web2", "web3")).Summary);
    }

    private static Observation ProxyDown(Observation seen) => seen.With("lb1", n => n with
    {
        Service = new(false, true, "failed", 0),
        Proxy = new ProxyState { Kind = ProxyKind.Haproxy, Answers = false, Error = "connection refused" },
    }).WithVip(v => v with { Through = Sample.Bad("connection refused"), AnsweredBy = null });

    private static Observation Down(params string[] backends) => backends.Aggregate(Sample.Healthy, (seen, name) => seen
        .WithServer("lb1", name, s => s with { Health = ServerHealth.Down, Status = "DOWN" })
        .WithServer("lb2", name, s => s with { Health = ServerHealth.Down, Status = "DOWN" })
        .WithBackend(name, b => b with
        {
            FromHere = Sample.Bad("connection refused"),
            FromNodes = b.FromNodes.ToDictionary(p => p.Key, _ => Sample.Bad("connection refused")),
        }));

    private static void Expect(Observation seen, params string[] findings) => Assert.Equal(findings.Order(),
        Diagnoser.Diagnose(Sample.Fleet, seen).Select(f => f.Cause is { } c
            ? $"{c.Code} {c.Subject} ← {f.Code} {f.Subject}"
            : $"{f.Code} {f.Subject}").Order());
}
