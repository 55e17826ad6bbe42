using System.Net;
using System.Net.Sockets;
using System.Text;
using LbRunbook.Adapters.Checks;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Adapters.Checks;

public sealed class HealthChecksTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tcp_Listening_IsHealthy()
    {
        using var server = new OneAnswer(null);

        Assert.True((await CheckAsync(new TcpCheck(), server.Port)).Healthy);
    }

    [Fact]
    public async Task Tcp_NobodyListens_IsRefused()
    {
        int port;
        using (var server = new OneAnswer(null))
            port = server.Port;

        var result = await CheckAsync(new TcpCheck(), port);

        Assert.Equal((false, "connection refused"), (result.Healthy, result.Detail));
    }

    [Fact]
    public async Task Http_Refused_SaysSo()
    {
        int port;
        using (var server = new OneAnswer(null))
            port = server.Port;

        Assert.Equal("connection refused", (await CheckAsync(new HttpCheck(), port)).Detail);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", null, true, "HTTP 200")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", null, false, "HTTP 503 (expected 200)")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", null, false, "HTTP 302 (expected 200)")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", true, "HTTP 200, body contains \"ok\"")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfail", "ok", false, "HTTP 200, but the body does not contain \"ok\"")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", null, false, "the answer is not HTTP")]
    [InlineData("", null, false, "connection closed without an answer")]
    public async Task Http_Answer_IsJudged(string answer, string? body, bool healthy, string detail)
    {
        using var server = new OneAnswer(answer);

        var result = await CheckAsync(new HttpCheck { Path = "health", Body = body }, server.Port);

        Assert.Equal((healthy, detail), (result.Healthy, result.Detail));
    }

    [Fact]
    public async Task Http_Request_CarriesMethodPathAndHost()
    {
        using var server = new OneAnswer("HTTP/1.1 204 No Content\r\n\r\n");

        await CheckAsync(new HttpCheck { Method = "OPTIONS", Path = "/health?deep=1", Host = "www.example.com", Status = 204 },
            server.Port);

        var request = await server.Request;
        Assert.StartsWith("OPTIONS /health?deep=1 HTTP/1.1\r\n", request);
        Assert.Contains("Host: www.example.com\r\n", request);
    }

    [Fact]
    public async Task Http_AcceptsButIsSilent_TimesOutWithTheLimit()
    {
        using var server = new OneAnswer(null);

        var result = await new HealthChecks().CheckAsync(new HttpCheck(), "127.0.0.1", server.Port, Short, Cancellation);

        Assert.Equal((false, "no answer within 300ms"), (result.Healthy, result.Detail));
        Assert.InRange(result.Took, Short - TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Http_EndlessBody_EndsWithTheVerdict()
    {
        using var server = new OneAnswer("HTTP/1.1 200 OK\r\n\r\n" + new string('x', 200_000));

        Assert.False((await CheckAsync(new HttpCheck { Body = "ok" }, server.Port)).Healthy);
    }

    [Fact]
    public async Task Check_CallerCancels_IsNotATimeout()
    {
        using var server = new OneAnswer(null);
        using var cancel = new CancellationTokenSource(50);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new HealthChecks().CheckAsync(new HttpCheck(), "127.0.0.1", server.Port, Patience, cancel.Token));
    }

    [Theory]
    [InlineData(new[] { "sh", "-c", "test \"$1\" = 127.0.0.1:9", "sh", "{host}:{port}" }, true, "sh: exit code 0")]
    [InlineData(new[] { "sh", "-c", "echo replica lags 30 s >&2; exit 2" }, false, "replica lags 30 s (exit code 2)")]
    [InlineData(new[] { "sh", "-c", "exit 7" }, false, "sh: exit code 7")]
    [InlineData(new[] { "echo", "$(id) ; {port}" }, true, "$(id) ; 9")]
    public async Task Command_Exit_IsTheVerdict(string[] command, bool healthy, string detail)
    {
        var result = await CheckAsync(new CommandCheck { Command = command }, 9);

        Assert.Equal((healthy, detail), (result.Healthy, result.Detail));
    }

    [Fact]
    public async Task Command_Missing_SaysThatItCannotRun() =>
        Assert.StartsWith("cannot run /no/such/check", (await CheckAsync(new CommandCheck { Command = ["/no/such/check"] }, 9)).Detail);

    [Fact]
    public async Task Command_Hangs_TimesOut() =>
        Assert.Equal("no answer within 300ms",
            (await new HealthChecks().CheckAsync(new CommandCheck { Command = ["sleep", "20"] }, "127.0.0.1", 9, Short,
                Cancellation)).Detail);

    private static Task<CheckResult> CheckAsync(HealthCheck check, int port) =>
        new HealthChecks().CheckAsync(check, "127.0.0.1", port, Patience, Cancellation);

    /// <summary>Accepts one connection, reads the request, answers, closes; null = accepts and stays silent.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource<string> _request = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TcpClient? _client;

        public OneAnswer(string? answer)
        {
            _listener.Start();
            if (answer is not null)
                _ = AnswerAsync(answer);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
        public Task<string> Request => _request.Task;

        public void Dispose()
        {
            _client?.Dispose();
            _listener.Dispose();
        }

        private async Task AnswerAsync(string answer)
        {
            _client = await _listener.AcceptTcpClientAsync();
            var stream = _client.GetStream();
            var buffer = new byte[4096];
            var count = await stream.ReadAsync(buffer);
            _request.SetResult(Encoding.ASCII.GetString(buffer, 0, count));
            try
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
            catch (IOException)
            {
                // The checker has heard enough.
            }
            _client.Close();
        }
    }
}
