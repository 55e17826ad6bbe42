using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.History;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Diagnosis;

/// <summary>What only several looks together show.</summary>
public sealed class PatternDiagnosisTests
{
    [Fact]
    public void Gradual_ChecksTakeLongerLookByLook_NamesTimesAndSince()
    {
        var finding = Assert.Single(Diagnose(Times("web2", [4, 40, 90, 150, 210, 300, 390])),
            f => f.Code == DiagnosisCode.GradualDegradation);
        Assert.Equal((Severity.Warning, "web/web2", "ssh root@10.0.1.12 uptime"), (finding.Severity, finding.Subject, finding.Next));
        Assert.Equal("web2 gets slower and slower: its checks took 22 ms and take 345 ms now, 12 ms more each minute (over 30 min, 7 "
            + "looks, since 02:30:00 UTC)", finding.Message);
    }

    [Fact]
    public void Gradual_OneSlowLook_IsNone() =>
        Assert.DoesNotContain(Diagnose(Times("web2", [4, 4, 4, 4, 4, 4, 1900])), f => f.Code == DiagnosisCode.GradualDegradation);

    [Fact]
    public void Gradual_BackendIsDownNow_IsLeftToBackendDown() =>
        Assert.DoesNotContain(Diagnose([.. Times("web2", [4, 40, 90, 150, 210, 300]), Down(Sample.Healthy, "web2")]),
            f => f.Code == DiagnosisCode.GradualDegradation);

    [Fact]
    public void Gradual_MoreAndMoreErrors_NamesTheirShare()
    {
        long[] errors = [0, 0, 1, 5, 12, 22, 35, 50];
        var looks = errors.Select((e, i) => Counted(Sample.Healthy, "web3", s => s with { TotalSessions = 100 * (i + 1), Errors = e }))
            .ToArray();
        Assert.Contains("fails more and more requests",
            Assert.Single(Diagnose(looks), f => f.Code == DiagnosisCode.GradualDegradation).Message);
    }

    [Fact]
    public void Gradual_ProxyRestarted_CountersBeginAnew()
    {
        long[] errors = [0, 0, 1, 5, 12, 22, 35, 50];
        var looks = errors.Select((e, i) =>
            Counted(Sample.Healthy, "web3", s => s with { TotalSessions = 100 * (i + 1), Errors = e }, pid: 100 + i)).ToArray();
        Assert.DoesNotContain(Diagnose(looks), f => f.Code == DiagnosisCode.GradualDegradation);
    }

    [Fact]
    public void Cascade_OneAfterTheOtherAndTheRestCarriesMore_IsCriticalWithOrderAndLoad()
    {
        var finding = Assert.Single(Diagnose(Loaded(20, 20, 20, 20), Loaded(20, 20, 20, 20, []), Loaded(30, 30, 0, 60, ["web3"]),
            Loaded(60, 0, 0, 180, ["web3", "web2"])), f => f.Code == DiagnosisCode.CascadingFailure);
        Assert.Equal((Severity.Critical, "web", "lbctl auto-recover web3"), (finding.Severity, finding.Subject, finding.Next));
        Assert.Contains("web3 (02:55:00 UTC), then web2 (03:00:00 UTC); 1 of 3 left (web1), each with 60 sessions instead of 20",
            finding.Message);
    }

    [Fact]
    public void Cascade_BothWentInOneLook_HasACommonCause() =>
        Assert.DoesNotContain(Diagnose(Loaded(20, 20, 20, 20), Loaded(20, 20, 20, 20), Loaded(60, 0, 0, 60, ["web3", "web2"])),
            f => f.Code == DiagnosisCode.CascadingFailure);

    [Fact]
    public void Cascade_NoMoreLoadOnTheRest_IsNone() =>
        Assert.DoesNotContain(Diagnose(Loaded(20, 20, 20, 20), Loaded(20, 20, 0, 20, ["web3"]), Loaded(20, 0, 0, 20, ["web3", "web2"])),
            f => f.Code == DiagnosisCode.CascadingFailure);

    [Fact]
    public void Cascade_AllThreeOneByOne_NeedsNoLoad() => Assert.Contains("none is left", Assert.Single(
        Diagnose(Loaded(0, 0, 0, 0), Loaded(0, 0, 0, 0, ["web3"]), Loaded(0, 0, 0, 0, ["web3", "web2"]),
            Loaded(0, 0, 0, 0, ["web1", "web2", "web3"])),
        f => f.Code == DiagnosisCode.CascadingFailure).Message);

    [Fact]
    public void Cascade_TakenOutOnPurpose_IsNone()
    {
        var isolated = Sample.Healthy;
        foreach (var name in (string[])["web2", "web3"])
            isolated = Counted(Down(isolated, name), name, s => s with { Admin = AdminState.Maint });
        Assert.DoesNotContain(Diagnose(Loaded(20, 20, 20, 20), Loaded(20, 20, 0, 20, ["web3"]), isolated),
            f => f.Code == DiagnosisCode.CascadingFailure);
    }

    [Fact]
    public void Breakdown_WellForLongAndBadTwice_IsCriticalWithItsCourse()
    {
        var finding = Assert.Single(Diagnose(Kept(9, 9, 9, 9, 6, 0)), f => f.Code == DiagnosisCode.AffinityBreakdown);
        Assert.Equal((Severity.Critical, "web"), (finding.Severity, finding.Subject));
        Assert.Equal("clients of pool web came back to their backend in 100 % of requests until 02:50:00 UTC, since 02:55:00 "
            + "UTC in 67 %, 0 % (2 looks)", finding.Message);
    }

    [Theory]
    [InlineData(9, 9, 9, 9, 9, 0)]
    [InlineData(9, 9, 9, 0, 0, 9)]
    [InlineData(3, 9, 2, 5, 3, 0)]
    [InlineData(9, 9, 9, 9, 8, 8)]
    public void Breakdown_OnceOnlyOrHealedOrNeverWell_IsNone(params int[] kept) =>
        Assert.DoesNotContain(Diagnose(Kept(kept)), f => f.Code == DiagnosisCode.AffinityBreakdown);

    [Fact]
    public void Uneven_SinceAnEarlierLook_CountsFromThere()
    {
        // Since the start all look even; in the last minutes one gets nothing.
        Observation[] looks = [Totals(10_000, 10_000, 10_000), Totals(10_600, 10_600, 10_010)];
        var finding = Assert.Single(Diagnose(looks), f => f is { Code: DiagnosisCode.UnevenTraffic, Subject: "web/web3" });
        Assert.Equal("web3 got 10 of 1210 sessions (1 %) on lb1 in the last 5 min; its weight of 1 in 3 says 33 %", finding.Message);
    }

    [Fact]
    public void Uneven_BackSinceAMoment_IsLeftAlone() => Assert.DoesNotContain(
        Diagnose(Totals(10_000, 10_000, 10_000), Totals(10_600, 10_600, 10_010).With("lb1", n => n with
        {
            Proxy = n.Proxy! with
            {
                Uptime = TimeSpan.FromHours(9),
                Servers = [.. n.Proxy.Servers.Select(s => s.Server == "web3" ? s with { SinceChange = TimeSpan.FromSeconds(40) } : s)],
            },
        })),
        f => f.Code == DiagnosisCode.UnevenTraffic);

    [Fact]
    public void Uneven_Draining_IsLeftAlone() => Assert.DoesNotContain(
        Diagnose(Totals(10_000, 10_000, 10_000), Totals(10_600, 10_600, 10_010).With("lb1", n => n with
        {
            Proxy = n.Proxy! with
            {
                Servers = [.. n.Proxy.Servers.Select(s => s.Server == "web3" ? s with { Admin = AdminState.Drain, Weight = 0 } : s)],
            },
        })),
        f => f.Code == DiagnosisCode.UnevenTraffic);

    /// <summary>The last one is now, the others were five minutes apart.</summary>
    private static IReadOnlyList<Finding> Diagnose(params Observation[] looks)
    {
        var timed = looks.Select((o, i) => o with { TakenAt = Sample.Now.AddMinutes(5 * (i + 1 - looks.Length)) }).ToList();
        return Diagnoser.Diagnose(Sample.Fleet, timed[^1], [.. timed.SkipLast(1).Select(PastLook.Of)]);
    }

    private static Observation[] Times(string backend, double[] milliseconds) =>
        [.. milliseconds.Select(ms => Sample.Healthy.WithBackend(backend, b => b with
    {
        FromHere = Sample.Good(ms), FromNodes = b.FromNodes.ToDictionary(p => p.Key, _ => Sample.Good(ms)),
    }))];

    private static Observation Loaded(long web1, long web2, long web3, long total, params string[] down)
    {
        var seen = Sample.Healthy;
        foreach (var (name, sessions) in ((string, long)[])[("web1", web1), ("web2", web2), ("web3", web3)])
            seen = seen.WithServer("lb1", name, s => s with { CurrentSessions = sessions, TotalSessions = total })
                .WithServer("lb2", name, s => s with { CurrentSessions = 0, TotalSessions = 0 });
        return down.Aggregate(seen, Down);
    }

    private static Observation Down(Observation seen, string backend) => seen.WithBackend(backend, b => b with
    {
        FromHere = Sample.Bad("connection refused"),
        OnProxies = b.OnProxies.ToDictionary(p => p.Key, p => p.Value with { Health = ServerHealth.Down, Status = "DOWN" }),
    });

    private static Observation Counted(Observation seen, string backend, Func<ServerState, ServerState> change, int pid = 815) =>
        seen.WithServer("lb1", backend, change).With("lb1", n => n with { Proxy = n.Proxy! with { Pid = pid } });

    private static Observation[] Kept(params int[] kept) => [.. kept.Select(k => Sample.Healthy with
    {
        Affinities = [new() { Pool = "web", Vip = "public", Means = "cookie SRV",
            Clients = [new("web1", [.. Enumerable.Range(0, 9).Select(i => i < k ? "web1" : "web2")], new Dictionary<string, string>())] }],
    })];

    private static Observation Totals(params long[] totals)
    {
        var seen = Sample.Healthy;
        for (var i = 0; i < totals.Length; i++)
            seen = seen.WithServer("lb1", $"web{i + 1}", s => s with { TotalSessions = totals[i] });
        return seen.With("lb1",
            n => n with
            {
                Proxy = n.Proxy! with { Servers = [.. totals.Select((t, i) => Sample.Server($"web{i + 1}") with { TotalSessions = t })] },
            });
    }
}
