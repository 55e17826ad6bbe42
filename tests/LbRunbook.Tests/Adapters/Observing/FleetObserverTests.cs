using System.Diagnostics;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit;
using LbRunbook.TestKit.Observing;
using Xunit;

namespace LbRunbook.Tests.Adapters.Observing;

public sealed class FleetObserverTests
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3);
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Observe_HealthyFleet_ReadsEveryFact()
    {
        var seen = await Observe(new FakeEyes());
        var lb1 = seen.Node("lb1");
        Assert.Equal(Reach.Ok, lb1.Reach);
        Assert.Equal(new ServiceState(true, true, "running", 812), lb1.Service);
        Assert.False(lb1.KeepalivedRuns);
        Assert.Equal(new HostResources(20, 25, 62, "/var log", 0.12, 2),
            lb1.Resources! with
            {
                CpuPercent = Math.Round(lb1.Resources!.CpuPercent!.Value),
                MemoryPercent = Math.Round(lb1.Resources.MemoryPercent),
            });
        Assert.Equal(new string('b', 64), lb1.ConfigFingerprint);
        Assert.Equal(["lb1"], seen.HoldersOf(Sample.Fleet.Vips[0]));
        Assert.Equal("lb1", seen.Vip("public").AnsweredBy);
        Assert.All(seen.Pools[0].Backends, b => Assert.Equal((2, 2), (b.FromNodes.Count, b.OnProxies.Count)));
        Assert.Empty(Diagnoser.Diagnose(Sample.Fleet, seen));
    }

    [Fact]
    public async Task Observe_HealthyFleet_DoesNotAskTheWireAboutNodes()
    {
        var eyes = new FakeEyes();
        await Observe(eyes);
        Assert.Equal(["10.0.0.100 not from lb1,lb2,client"], eyes.WireQuestions);
    }

    [Fact]
    public async Task Observe_OneNodeHangs_TheRestIsCompleteAtTheBudget()
    {
        var clock = Stopwatch.StartNew();
        var seen = await Observe(new FakeEyes { OnLogin = Hanging("10.0.0.12") }, new() { Budget = TimeSpan.FromMilliseconds(400) });
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(350), Late);
        Assert.Equal(Reach.TimedOut, seen.Node("lb2").Reach);
        Assert.Contains("0.4 s", seen.Node("lb2").ReachDetail);
        Assert.Equal(Reach.Ok, seen.Node("lb1").Reach);
        Assert.Empty(seen.Node("lb1").Incomplete);
        Assert.Empty(seen.Incomplete);
    }

    [Fact]
    public async Task Observe_ProbeThatIgnoresCancellation_DoesNotKeepTheObserver()
    {
        var never = new TaskCompletionSource<CheckResult>();
        var clock = Stopwatch.StartNew();
        var seen = await Observe(new FakeEyes { OnCheck = (host, _) =>
            host == "10.0.1.12" ? never.Task : Task.FromResult(Sample.Good(1)) }, new() { Budget = TimeSpan.FromMilliseconds(300) });
        Assert.True(clock.Elapsed < Late);
        Assert.Equal(["web2 from here (no answer in time)"], seen.Incomplete);
        Assert.Null(seen.Pools[0].Backends[1].FromHere);
    }

    [Fact]
    public async Task Observe_SilentNode_IsGivenUpAndWitnessed()
    {
        var clock = Stopwatch.StartNew();
        var seen = await Observe(
            new FakeEyes
            {
                OnLogin = Hanging("10.0.0.12"),
                OnTcp = SilentTcp("10.0.0.12"),
                OnWire = (address, notFrom) =>
                    address.ToString() == "10.0.0.12"
                        ? new(notFrom.Contains("here") ? "client" : "here", [])
                        : new("here", ["52:54:00:00:00:11"]),
            },
            new() { GiveUpOnSilence = TimeSpan.FromMilliseconds(300) });
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(250), Late);
        var lb2 = seen.Node("lb2");
        Assert.Equal((Reach.Unreachable, false, false), (lb2.Reach, lb2.TcpAnswers, lb2.WireAnswers));
        Assert.Equal(["here", "client"], lb2.WireVantages);
        Assert.Contains("no sign of life", lb2.ReachDetail);
        Assert.Single(Diagnoser.Diagnose(Sample.Fleet, seen), f => f.Code == DiagnosisCode.NodeDown);
    }

    [Fact]
    public async Task Observe_SilentTcpButArpAnswers_WaitsForTheLogin()
    {
        var seen = await Observe(
            new FakeEyes { OnLogin = Hanging("10.0.0.12"), OnTcp = SilentTcp("10.0.0.12") },
            new() { GiveUpOnSilence = TimeSpan.FromMilliseconds(150), Budget = TimeSpan.FromSeconds(1) });
        Assert.Equal((Reach.TimedOut, true), (seen.Node("lb2").Reach, seen.Node("lb2").WireAnswers));
        Assert.True(seen.Took >= TimeSpan.FromMilliseconds(950), $"given up after {seen.Took}");
        Assert.DoesNotContain(Diagnoser.Diagnose(Sample.Fleet, seen), f => f.Code == DiagnosisCode.NodeDown);
    }

    [Fact]
    public async Task Observe_NobodyCanAskTheWire_IsNotGivenUp()
    {
        var seen = await Observe(
            new FakeEyes { OnLogin = Hanging("10.0.0.12"), OnTcp = SilentTcp("10.0.0.12"), OnWire = (_, _) => null },
            new() { GiveUpOnSilence = TimeSpan.FromMilliseconds(100), Budget = TimeSpan.FromSeconds(1) });
        Assert.Equal((Reach.TimedOut, (bool?)null), (seen.Node("lb2").Reach, seen.Node("lb2").WireAnswers));
    }

    [Fact]
    public async Task Observe_FrozenSshd_CostsItsTimeoutAndIsReportedAsThat()
    {
        var seen = await Observe(
            new FakeEyes
            {
                OnLogin = async (host, _) =>
                {
                    if (host == "10.0.0.12")
                    {
                        await Task.Delay(300, Token);
                        throw new AdapterException("lb2", "look", "no login within 0.3 s", Reach.TimedOut);
                    }
                    return new(0, FakeEyes.Output(host), "", TimeSpan.Zero);
                },
            },
            new() { GiveUpOnSilence = TimeSpan.FromMilliseconds(100) });
        Assert.Equal((Reach.TimedOut, true), (seen.Node("lb2").Reach, seen.Node("lb2").TcpAnswers));
        Assert.Contains("sshd hangs",
            Assert.Single(Diagnoser.Diagnose(Sample.Fleet, seen), f => f.Code == DiagnosisCode.NodeUnreachable).Message);
    }

    [Fact]
    public async Task Observe_PermissionDenied_IsSaidAtOnce()
    {
        var seen = await Observe(new FakeEyes { OnLogin = (host, _) =>
            throw new AdapterException(host, "login", "Permission denied (publickey).", Reach.PermissionDenied) });
        Assert.All(seen.Nodes, n => Assert.Equal(Reach.PermissionDenied, n.Reach));
        Assert.True(seen.Took < Late);
    }

    [Fact]
    public async Task Observe_SudoRefused_KeepsTheFacts()
    {
        var seen = await Observe(new FakeEyes
        {
            OnLogin = (host, _) =>
                Task.FromResult(new RemoteResult(0,
                    FakeEyes.Output(host)
                        .Replace("==lbctl== hash", "==lbctl== sudo\nrefused sudo: a password is required\n\n==lbctl== hash"), "",
                        TimeSpan.Zero)),
        });
        Assert.Equal((Reach.SudoNeedsPassword, "sudo: a password is required"), (seen.Node("lb1").Reach, seen.Node("lb1").ReachDetail));
        Assert.NotNull(seen.Node("lb1").Resources);
        Assert.Equal(["lb1"], seen.HoldersOf(Sample.Fleet.Vips[0]));
    }

    [Fact]
    public async Task Observe_ProxyDoesNotRun_KeepsItsLastWords()
    {
        var seen = await Observe(new FakeEyes
        {
            OnLogin = (host, _) => Task.FromResult(new RemoteResult(0, FakeEyes.Output(host)
                .Replace("ActiveState=active", "ActiveState=failed", StringComparison.Ordinal)
                .Replace("==lbctl== hash", "==lbctl== servicelog\nNov 21 02:00:01 lb1 haproxy[42]: [ALERT] cannot bind\n"
                    + "Nov 21 02:00:01 lb1 systemd[1]: haproxy.service: Failed\n\n==lbctl== hash", StringComparison.Ordinal),
                "", TimeSpan.Zero)),
        });
        Assert.Equal("[ALERT] cannot bind", seen.Node("lb1").Service!.LastLine);
    }

    [Fact]
    public async Task Observe_HolderAskedTheWireItself_AsksAgainFromElsewhere()
    {
        var seen = await Observe(new FakeEyes { OnWire = (_, notFrom) =>
            notFrom.Count switch { 3 => null, 0 => new("lb1", []), _ => new("lb2", ["52:54:00:00:00:11"]) } });
        Assert.Equal(("lb2", "lb1"), (seen.Vip("public").WireVantage, seen.Vip("public").AnsweredBy));
    }

    [Fact]
    public async Task Observe_NotFull_LeavesBackendsAlone()
    {
        var seen = await Observe(new FakeEyes { OnCheck = (host, _) =>
            host.StartsWith("10.0.1.", StringComparison.Ordinal)
                ? throw new InvalidOperationException("asked a backend")
                : Task.FromResult(Sample.Good(1)) }, new() { Full = false });
        Assert.Empty(seen.Pools);
        Assert.Empty(seen.Incomplete);
    }

    [Fact]
    public async Task Observe_CallerCancels_Throws()
    {
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new FakeEyes
            {
                OnLogin = (_, t) => FakeEyes.Never<RemoteResult>(t),
            }.Observer().ObserveAsync(Sample.Fleet, new(), cancelled.Token));
    }

    private static Task<Observation> Observe(FakeEyes eyes, ObservationScope? scope = null) =>
        eyes.Observer().ObserveAsync(Sample.Fleet, scope ?? new(), Token);

    private static Func<string, CancellationToken, Task<RemoteResult>> Hanging(string hanging) =>
        (host, t) => host == hanging
            ? FakeEyes.Never<RemoteResult>(t)
            : Task.FromResult(new RemoteResult(0, FakeEyes.Output(host), "", TimeSpan.Zero));

    private static Func<string, CancellationToken, Task<bool>> SilentTcp(string silent) =>
        (host, t) => host == silent ? FakeEyes.Never<bool>(t) : Task.FromResult(true);
}
