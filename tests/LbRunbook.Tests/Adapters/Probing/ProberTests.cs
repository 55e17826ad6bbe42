using System.Net;
using System.Net.Sockets;
using LbRunbook.Adapters.Probing;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Probing;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Adapters.Probing;

/// <summary>Beside others, several requests would be due at the same moment.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Timed
{
    public const string Name = "timed";
}

[Collection(Timed.Name)]
public sealed class ProberTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Run_HealthyServer_NoFailureAndOneNewConnectionEach()
    {
        await using var server = new TestHttpServer();

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 100, Duration = TimeSpan.FromMilliseconds(500) });

        Assert.Equal((50, 50, 0), (report.Requests, report.Ok, report.Failed));
        Assert.Equal(50, server.Connections);
        Assert.Equal(("lb1", 50), (report.Answerers.Single().Name, report.Answerers.Single().Requests));
        Assert.Null(report.LongestOutage);
        Assert.False(report.EndedEarly);
    }

    [Theory]
    [InlineData(nameof(Serving.AnswerChunked))]
    [InlineData(nameof(Serving.AnswerUntilClose))]
    public async Task Run_OtherBodyFraming_Succeeds(string serving)
    {
        await using var server = new TestHttpServer { Serving = Enum.Parse<Serving>(serving) };

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 50, Duration = Short });

        Assert.Equal((10, 0), (report.Ok, report.Failed));
    }

    [Theory]
    [InlineData(nameof(Serving.Hang), FailureKind.Timeout)]
    [InlineData(nameof(Serving.Reset), FailureKind.Reset)]
    [InlineData(nameof(Serving.CloseEarly), FailureKind.Closed)]
    [InlineData(nameof(Serving.Garbage), FailureKind.Other)]
    public async Task Run_ServerMisbehaves_CountsThatKindOnly(string serving, string kind)
    {
        await using var server = new TestHttpServer { Serving = Enum.Parse<Serving>(serving) };

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 50, Duration = Short, Timeout = Short });

        Assert.Equal(0, report.Ok);
        Assert.Equal(new Dictionary<string, long> { [kind] = 10 }, report.Failures);
    }

    [Fact]
    public async Task Run_NobodyListens_ConnectRefused()
    {
        await using var server = new TestHttpServer();
        server.StopListening();

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 50, Duration = Short });

        Assert.Equal(new Dictionary<string, long> { [FailureKind.ConnectRefused] = 10 }, report.Failures);
        Assert.False(report.LongestOutage!.Recovered);
    }

    [Fact]
    public async Task Run_BacklogFull_ConnectTimeout()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0); // one connection is queued, the SYNs of the others are dropped
        var uri = new Uri($"tcp://{listener.LocalEndPoint}");

        var report = await RunAsync(new() { Uri = uri, Rps = 50, Duration = Short, Timeout = Short });

        Assert.Equal(report.Requests, report.Ok + report.Failures[FailureKind.ConnectTimeout]);
        Assert.InRange(report.Failures[FailureKind.ConnectTimeout], 7, 10);
    }

    [Fact]
    public async Task Run_Status503_IsAFailureThatStillSaysWho()
    {
        await using var server = new TestHttpServer { Status = 503 };

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 50, Duration = Short });

        Assert.Equal(new Dictionary<string, long> { ["http-503"] = 10 }, report.Failures);
        Assert.Equal("lb1", report.Answerers.Single().Name);
    }

    [Fact]
    public async Task Run_ExpectedStatusGiven_OnlyThatOneIsSuccess()
    {
        await using var server = new TestHttpServer();

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 50, Duration = Short, ExpectedStatus = 204 });

        Assert.Equal(new Dictionary<string, long> { ["http-200"] = 10 }, report.Failures);
    }

    [Fact]
    public async Task Run_WhoFromBody_TakesFirstLine()
    {
        await using var server = new TestHttpServer { Body = "web2\nrest" };

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 50, Duration = Short, WhoFromBody = true });

        Assert.Equal("web2", report.Answerers.Single().Name);
    }

    [Fact]
    public async Task Run_IPv6Literal_Works()
    {
        await using var server = new TestHttpServer(IPAddress.IPv6Loopback);

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 50, Duration = Short });

        Assert.Equal(10, report.Ok);
    }

    [Fact]
    public async Task Run_TcpScheme_OnlyConnects()
    {
        await using var server = new TestHttpServer();

        var report = await RunAsync(new() { Uri = new($"tcp://127.0.0.1:{server.Port}"), Rps = 50, Duration = Short });

        Assert.Equal((10, "tcp-connect"), (report.Ok, report.Mode));
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Run_NameWithTwoAddresses_TakesTheOneThatAccepts()
    {
        await using var server = new TestHttpServer();

        var report = await RunAsync(new() { Uri = new($"http://localhost:{server.Port}/"), Rps = 50, Duration = Short });

        Assert.Equal(10, report.Ok);
    }

    [Fact]
    public async Task Run_NameThatDoesNotResolve_SaysSo()
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() =>
            RunAsync(new() { Uri = new("http://no-such-host.invalid/"), Duration = Short }));

        Assert.Contains("no-such-host.invalid does not resolve", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_KeepAlive_UsesConnectionsAgain()
    {
        await using var server = new TestHttpServer { KeepAlive = true };

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 100, Duration = TimeSpan.FromMilliseconds(500), KeepAlive = true });

        Assert.Equal(50, report.Ok);
        Assert.InRange(server.Connections, 1, 10);
    }

    [Fact]
    public async Task Run_KeepAliveConnectionClosedWhileIdle_IsReplacedWithoutAFailure()
    {
        // The server says keep-alive (no Connection: close) but serves one request a connection.
        await using var server = new TestHttpServer { KeepAlive = true };
        using var stop = new CancellationTokenSource();
        var running = new Prober(TimeProvider.System).RunAsync(new() { Uri = server.Uri, Rps = 50, KeepAlive = true }, null, stop.Token);
        await UntilAsync(() => server.Requests >= 5);
        server.Serving = Serving.Reset;
        await UntilAsync(() => server.Requests >= 8);
        server.Serving = Serving.Answer;
        await UntilAsync(() => server.Requests >= 20);
        await stop.CancelAsync();
        var report = await running;

        // Each reset hits a reused connection first and then its replacement: one failure for two requests at the server.
        Assert.InRange(report.Failed, 1, 3);
        Assert.True(report.Failures.Keys.All(k => k is FailureKind.Reset or FailureKind.Closed));
    }

    [Fact]
    public async Task Run_ServerHangsBeyondLimit_OverloadIsVisible()
    {
        await using var server = new TestHttpServer { Serving = Serving.Hang };

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 100, Duration = Short, Timeout = TimeSpan.FromMilliseconds(600),
            MaxInFlight = 5 });

        Assert.Equal(new Dictionary<string, long> { [FailureKind.Overload] = 15, [FailureKind.Timeout] = 5 }, report.Failures);
    }

    [Fact]
    public async Task Run_AnswererChanges_IsOnTheTimeline()
    {
        await using var server = new TestHttpServer();
        using var stop = new CancellationTokenSource();
        var running = new Prober(TimeProvider.System).RunAsync(new() { Uri = server.Uri, Rps = 100 }, null, stop.Token);
        await UntilAsync(() => server.Requests >= 10);
        server.ServedBy = "lb2";
        await UntilAsync(() => server.Requests >= 20);
        await stop.CancelAsync();
        var report = await running;

        Assert.Equal(["lb1", "lb2"], report.Answerers.Select(a => a.Name));
        var change = Assert.Single(report.Changes);
        Assert.Equal(("lb1", "lb2"), (change.From, change.To));
    }

    [Fact]
    public async Task Run_Stopped_ReturnsReportAndCountsWhatHangsAsUnfinished()
    {
        await using var server = new TestHttpServer { Serving = Serving.Hang };
        using var stop = new CancellationTokenSource();
        var running = new Prober(TimeProvider.System).RunAsync(
            new() { Uri = server.Uri, Rps = 50, Duration = TimeSpan.FromMinutes(1), Timeout = TimeSpan.FromSeconds(30) }, null, stop.Token);
        await UntilAsync(() => server.Requests >= 5);
        await stop.CancelAsync();
        var report = await running.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        Assert.True(report.EndedEarly);
        Assert.Equal(0, report.Requests);
        Assert.InRange(report.Unfinished, 5, 200);
    }

    [Fact]
    public async Task Run_ServerStallsForOneSecond_EveryRequestOfThatSecondIsAffected()
    {
        await using var server = new TestHttpServer();
        using var stop = new CancellationTokenSource();
        var timeout = TimeSpan.FromMilliseconds(400);
        var running = new Prober(TimeProvider.System).RunAsync(new() { Uri = server.Uri, Rps = 100, Timeout = timeout }, null, stop.Token);
        await UntilAsync(() => server.Requests >= 30);
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Stalled = stalled.Task;
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken); // the stall itself
        stalled.SetResult();
        var before = server.Requests;
        await UntilAsync(() => server.Requests >= before + 30);
        await stop.CancelAsync();
        var report = await running;

        // 0.6 s of requests run into their timeout, the last 0.4 s of them wait for up to that long.
        Assert.InRange(report.Failures[FailureKind.Timeout], 45, 90);
        Assert.InRange(report.LongestOutage!.DurationMs, 900, 1500);
        Assert.InRange(report.Latency!.MaxMs, 250, 600);
    }

    [Fact]
    public async Task Run_200PerSecond_KeepsTheRate()
    {
        await using var server = new TestHttpServer();

        var report = await RunAsync(new() { Uri = server.Uri, Rps = 200, Duration = TimeSpan.FromSeconds(3) });

        Assert.Equal(600, report.Requests);
        Assert.InRange(report.AchievedRps, 190, 200.5);
    }

    [Theory]
    [InlineData(SocketError.HostUnreachable, true, FailureKind.NoRoute)]
    [InlineData(SocketError.NetworkUnreachable, true, FailureKind.NoRoute)]
    [InlineData(SocketError.TimedOut, true, FailureKind.ConnectTimeout)]
    [InlineData(SocketError.TimedOut, false, FailureKind.Timeout)]
    [InlineData(SocketError.Shutdown, false, FailureKind.Reset)]
    [InlineData(SocketError.AddressNotAvailable, true, FailureKind.Other)]
    public void KindOf_SocketError_IsNamed(SocketError error, bool connecting, string kind) =>
        Assert.Equal(kind, ProbeExchange.KindOf(error, connecting));

    private static Task<ProbeReport> RunAsync(ProbeOptions options) =>
        new Prober(TimeProvider.System).RunAsync(options, null, TestContext.Current.CancellationToken);

    private static async Task UntilAsync(Func<bool> condition)
    {
        var deadline = Environment.TickCount64 + 10_000;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < deadline, "did not happen in 10 s");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
