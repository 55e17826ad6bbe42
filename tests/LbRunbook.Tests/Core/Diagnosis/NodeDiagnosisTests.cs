using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;
using static LbRunbook.Tests.Core.Diagnosis.DiagnosisAssert;

namespace LbRunbook.Tests.Core.Diagnosis;

public sealed class NodeDiagnosisTests
{
    [Fact]
    public void Diagnose_HealthyCluster_FindsNothing() => Assert.Empty(Diagnoser.Diagnose(Sample.Fleet, Sample.Healthy));

    [Fact]
    public void Diagnose_HolderSilentForTwoVantages_IsNodeDownWithFailover()
    {
        var seen = Sample.Healthy.With("lb1", _ => Sample.Silent("lb1"))
            .WithVip(v => v with { WireMacs = [], Through = Sample.Bad("timed out after 2s"), AnsweredBy = null });
        var finding = One(seen, DiagnosisCode.NodeDown, Severity.Critical, "lbctl failover lb1 lb2");
        Assert.Contains("client", finding.Message);
        One(seen, DiagnosisCode.VipUnbound, Severity.Critical, "lbctl failover lb1 lb2");
        Assert.Equal(DiagnosisCode.NodeDown, Diagnoser.Diagnose(Sample.Fleet, seen)[0].Code);
    }

    [Fact]
    public void Diagnose_OnlyWeSeeSilence_IsNodeUnreachable()
    {
        var seen = Sample.Healthy.With("lb1", _ => Sample.Silent("lb1") with { WireVantages = ["here"] });
        None(seen, DiagnosisCode.NodeDown);
        Assert.StartsWith("ssh -v root@10.0.0.11", One(seen, DiagnosisCode.NodeUnreachable, Severity.Warning).Next);
    }

    [Fact]
    public void Diagnose_SilentButWireAnswers_IsNodeUnreachableAndAdvisesLooking()
    {
        var seen = Sample.Healthy.With("lb1", _ => Sample.Silent("lb1") with { WireAnswers = true });
        var finding = One(seen, DiagnosisCode.NodeUnreachable, Severity.Warning);
        Assert.Contains("it still serves public", finding.Message);
        Assert.DoesNotContain("failover", finding.Next);
        None(seen, DiagnosisCode.VipUnbound);
    }

    [Fact]
    public void Diagnose_DeadStandby_IsAWarningThatClaimsNothingOfWhatItCarries()
    {
        var finding = One(Sample.Healthy.With("lb2", _ => Sample.Silent("lb2")), DiagnosisCode.NodeDown, Severity.Warning);
        Assert.DoesNotContain("carries no", finding.Message, StringComparison.Ordinal);
        Assert.Contains("clients are answered without it (public is on lb1)", finding.Message, StringComparison.Ordinal);
        Assert.EndsWith("power it off at its console or hypervisor (10.0.0.12)", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_FrozenSshd_SaysThatTheKernelAnswers() =>
        Assert.Contains("sshd hangs", One(
            Sample.Healthy.With("lb2",
                _ => new() { Node = "lb2", Reach = Reach.TimedOut, ReachDetail = "timed out after 5s", TcpAnswers = true }),
            DiagnosisCode.NodeUnreachable, Severity.Warning).Message);

    [Fact]
    public void Diagnose_SudoRefused_KeepsTheRestOfTheFacts()
    {
        var seen = Sample.Healthy.With("lb1",
            n => n with { Reach = Reach.SudoNeedsPassword, ReachDetail = "sudo: a password is required" });
        One(seen, DiagnosisCode.SudoRefused, Severity.Warning);
        None(seen, DiagnosisCode.NodeUnreachable);
        None(seen, DiagnosisCode.VipUnbound);
    }

    [Theory]
    [InlineData(95, 10, 10, "CPU of lb1 is 95 %")]
    [InlineData(5, 93, 10, "memory of lb1 is 93 %")]
    [InlineData(5, 10, 97, "file system /var of lb1 is 97 %")]
    public void Diagnose_ResourcePastThreshold_IsNodeOverloaded(double cpu, double memory, double disk, string message) =>
        Assert.Contains(message, One(
            Sample.Healthy.With("lb1", n => n with { Resources = new(cpu, memory, disk, "/var", 1.9, 2) }), DiagnosisCode.NodeOverloaded,
            Severity.Warning).Message);

    [Theory]
    [InlineData(3500, Severity.Ok)]
    [InlineData(3700, Severity.Warning)]
    [InlineData(3990, Severity.Critical)]
    public void Diagnose_ConnectionsAgainstMaxconn_GradesTheShare(long connections, Severity expected)
    {
        var seen = Sample.Healthy.With("lb1", n => n with { Proxy = n.Proxy! with { CurrentConnections = connections } });
        if (expected == Severity.Ok)
            None(seen, DiagnosisCode.NodeOverloaded);
        else
            One(seen, DiagnosisCode.NodeOverloaded, expected);
    }

    /// <summary>One sample is a blink; two looks in a row are not.</summary>
    [Fact]
    public void Diagnose_BusyInOneSample_IsANoteUntilItLasts()
    {
        var proxy = Sample.Healthy.With("lb1", n => n with { Proxy = n.Proxy! with { IdlePercent = 4 } });
        Assert.EndsWith("in this one sample", One(proxy, DiagnosisCode.NodeOverloaded, Severity.Ok, "lbctl assess --watch").Message,
            StringComparison.Ordinal);
        var cpu = Sample.Healthy.With("lb1", n => n with { Resources = new(97, 12, 40, "/", 1, 2) });
        One(cpu, DiagnosisCode.NodeOverloaded, Severity.Ok);
        foreach (var seen in (Observation[])[proxy, cpu])
        {
            var before = LbRunbook.Core.History.PastLook.Of(seen with { TakenAt = seen.TakenAt.AddMinutes(-1) });
            Assert.Equal(Severity.Warning, Assert.Single(Diagnoser.Diagnose(Sample.Fleet, seen, [before])).Severity);
            // What an earlier version remembered says nothing of it.
            Assert.Equal(Severity.Ok, Assert.Single(Diagnoser.Diagnose(Sample.Fleet, seen, [before with { Nodes = null }])).Severity);
        }
    }

    [Fact]
    public void Diagnose_DiskFull_SaysWhatFailsAndWhatGoesOn()
    {
        var full = Sample.Healthy.With("lb1", n => n with { Resources = new(5, 12, 100, "/var", 0, 2) });
        var finding = One(full, DiagnosisCode.DiskFull, Severity.Warning,
            "ssh root@10.0.0.11 'du -xm --max-depth=3 /var | sort -n | tail -n 20'");
        Assert.Contains("HAProxy's state file", finding.Message, StringComparison.Ordinal);
        Assert.Contains("goes on: addresses", finding.Message, StringComparison.Ordinal);
        None(full, DiagnosisCode.NodeOverloaded);
    }

    [Fact]
    public void Diagnose_AlertsThatNothingSends_IsSaid()
    {
        var fleet = Sample.Fleet with { Alerts = [new() { Name = "oncall", Kind = AlertKind.PagerDuty }] };
        var finding = Assert.Single(Diagnoser.Diagnose(fleet, Sample.Healthy));
        Assert.Equal((DiagnosisCode.AlertsNotSent, Severity.Ok), (finding.Code, finding.Severity));
        Assert.Contains("oncall", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_ProxyDeadOnHolder_IsProxyDownWithFailover() =>
        One(Dead("lb1"), DiagnosisCode.ProxyDown, Severity.Critical, "lbctl failover lb1 lb2");

    [Fact]
    public void Diagnose_ProxyDeadEverywhere_SuggestsStartingIt() =>
        One(Dead("lb1").With("lb2", Stopped), DiagnosisCode.ProxyDown, Severity.Critical, "ssh root@10.0.0.11 systemctl start haproxy");

    [Fact]
    public void Diagnose_ProxyDeadOnStandby_IsProxyStandby()
    {
        One(Dead("lb2"), DiagnosisCode.ProxyStandby, Severity.Warning, "ssh root@10.0.0.12 systemctl start haproxy");
        None(Dead("lb2"), DiagnosisCode.ProxyDown);
    }

    [Fact]
    public void Diagnose_ProxyIsMasked_SaysItsCauseAndHowItIsStarted()
    {
        static NodeObservation Masked(NodeObservation n) => Stopped(n) with
        {
            Service = new(false, false, "masked", 0) { LastLine = "[ALERT] cannot bind socket" },
        };
        const string Unmask = "'systemctl unmask haproxy && systemctl start haproxy'";
        var standby = One(Sample.Healthy.With("lb2", Masked), DiagnosisCode.ProxyStandby, Severity.Warning, $"ssh root@10.0.0.12 {Unmask}");
        Assert.EndsWith("(service haproxy is masked); it said last: [ALERT] cannot bind socket", standby.Message, StringComparison.Ordinal);
        var holder = One(Sample.Healthy.With("lb1", Masked), DiagnosisCode.ProxyDown, Severity.Critical, "lbctl failover lb1 lb2");
        Assert.Equal($"ssh root@10.0.0.11 {Unmask}", holder.Or);
    }

    [Fact]
    public void Diagnose_SocketSilentWhileClientsAreServed_DoesNotMoveTraffic()
    {
        var seen = Sample.Healthy.With("lb1", n => n with { Proxy = n.Proxy! with { Answers = false, Error = "timed out" } });
        Assert.Contains("systemctl status", One(seen, DiagnosisCode.ProxyNotAnswering, Severity.Warning).Next);
        One(seen.WithVip(v => v with { Through = Sample.Bad("timed out after 2s") }), DiagnosisCode.ProxyNotAnswering, Severity.Critical,
            "lbctl failover lb1 lb2");
    }

    [Fact]
    public void Diagnose_NoNodeListensOnItsOwnAddress_IsNotAFinding()
    {
        static NodeObservation Refuses(NodeObservation n) => n with { DirectCheck = Sample.Bad("connection refused") };
        Assert.Empty(Diagnoser.Diagnose(Sample.Fleet, Sample.Healthy.With("lb1", Refuses).With("lb2", Refuses)));
        One(Sample.Healthy.With("lb2", Refuses), DiagnosisCode.ProxyStandby, Severity.Warning);
    }

    [Fact]
    public void Diagnose_OldWorkers_IsANote() =>
        Assert.Contains("pid 700", One(
            Sample.Healthy.With("lb1", n => n with { Proxy = n.Proxy! with { OldWorkers = [700] } }), DiagnosisCode.OldWorkers,
            Severity.Ok).Message);

    [Fact]
    public void Diagnose_CloseFileOutlivedItsReload_IsClientsSentAway()
    {
        var finding = One(Sample.Healthy.With("lb1", n => n with { Proxy = n.Proxy! with { ClosingFor = TimeSpan.FromMinutes(1) } }),
            DiagnosisCode.ClientsSentAway, Severity.Warning);
        Assert.EndsWith("rm -f /run/nginx.closing", finding.Next);
    }

    [Fact]
    public void Diagnose_ReloadUnderWay_IsNotFound() =>
        None(Sample.Healthy.With("lb1", n => n with { Proxy = n.Proxy! with { ClosingFor = TimeSpan.FromSeconds(2) } }),
            DiagnosisCode.ClientsSentAway);

    [Fact]
    public void Diagnose_SomethingMissing_IsObservationIncomplete() =>
        Assert.Contains("disks", One(
            Sample.Healthy.With("lb1", n => n with { Incomplete = ["disks"] }), DiagnosisCode.ObservationIncomplete,
            Severity.Unknown).Message);

    [Fact]
    public void Diagnose_NothingAnswersAtAll_BlamesThisMachineFirst()
    {
        static NodeObservation Gone(NodeObservation n) => new() { Node = n.Node, Reach = Reach.Unreachable, TcpAnswers = false };
        var seen = Sample.Healthy.With("lb1", Gone).With("lb2", Gone)
            .WithVip(v => v with { Through = Sample.Bad("timed out"), WireMacs = null, AnsweredBy = null });
        seen = seen with
        {
            Pools = [.. seen.Pools.Select(p =>
                p with
                {
                    Backends = [.. p.Backends.Select(b =>
                        new BackendObservation { Backend = b.Backend, FromHere = Sample.Bad("timed out") })],
                })],
        };
        seen = seen with { Surroundings = [new("client", false), new("router 10.0.0.1", false)] };
        One(seen, DiagnosisCode.ObserverIsolated, Severity.Unknown, "ip route get 10.0.0.11");
        Assert.Single(Diagnoser.Diagnose(Sample.Fleet, seen));

        // The router answers: it is not us, so what is dead is called so.
        var theirs = seen with { Surroundings = [new("client", false), new("router 10.0.0.1", true)] };
        None(theirs, DiagnosisCode.ObserverIsolated);
        Assert.Equal(2, Diagnoser.Diagnose(Sample.Fleet, theirs).Count(f => f.Code == DiagnosisCode.NodeUnreachable));
    }

    private static Observation Dead(string node) => Sample.Healthy.With(node, Stopped);

    private static NodeObservation Stopped(NodeObservation n) =>
        n with
        {
            Service = new(false, true, "failed", 0),
            Proxy = new ProxyState { Kind = ProxyKind.Haproxy, Answers = false, Error = "connection refused" },
        };
}
