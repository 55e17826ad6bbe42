using System.CommandLine;
using System.Text.Json;
using LbRunbook.Adapters.Probing;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Cli;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Verbs.Probe;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Probing;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Cli.Verbs.Probe;

public sealed class ProbeCommandTests : IDisposable
{
    private static readonly Fleet Cluster = new()
    {
        Cluster = "web",
        Environment = FleetEnvironment.Lab,
        Nodes = [new Node { Name = "lb1", Host = "10.0.0.10", Proxy = ProxyKind.Haproxy }],
        Pools = [new Pool { Name = "web", Backends = [new Backend { Name = "web1", Host = "10.0.1.10", Port = 8080 }] }],
        Witnesses = [new Witness { Name = "client", Host = "10.0.0.5" }],
    };

    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Probe_HealthyServer_ExitsZeroWithAReadableReport()
    {
        await using var server = new TestHttpServer();

        var code = await RunAsync("probe", $"127.0.0.1:{server.Port}/", "--rps", "50", "--for", "200ms");

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("failures        none", _out.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Probe_Failures_ExitsOneAndJsonReadsBack()
    {
        await using var server = new TestHttpServer { Status = 503 };

        var code = await RunAsync("probe", server.Uri.ToString(), "--rps", "50", "--for", "200ms", "--output", "json");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal(10, JsonSerializer.Deserialize(_out.ToString(), ProbeJson.Default.ProbeReport)!.Failures["http-503"]);
    }

    [Theory]
    [InlineData("ftp://192.0.2.1/", "the scheme is ftp")]
    [InlineData("tcp://192.0.2.1", "tcp:// needs a port")]
    [InlineData("http://root:secret@192.0.2.1/", "a user or password")]
    public async Task Probe_UnusableUrl_IsAUsageErrorThatShowsNoPassword(string url, string why)
    {
        var error = await Assert.ThrowsAsync<OperatorException>(() => RunAsync("probe", url));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rps", "0")]
    [InlineData("--for", "30")]
    [InlineData("--timeout", "0s")]
    [InlineData("--host", "a\r\nb")]
    [InlineData("--who", "cookie")]
    public async Task Probe_ValueOutOfRange_NamesOptionAndWhatIsAllowed(string option, string value)
    {
        var error = await Assert.ThrowsAsync<OperatorException>(() => RunAsync("probe", "http://192.0.2.1/", option, value));

        Assert.Equal((ExitCode.Usage, true), (error.ExitCode, error.Message.StartsWith(option, StringComparison.Ordinal)));
        Assert.Contains("allowed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clinet", "did you mean client?")]
    [InlineData("web1", "web1 has no ssh:")]
    public async Task Probe_FromHostThatCannotBe_SaysWhatCan(string from, string message)
    {
        var error = await Assert.ThrowsAsync<OperatorException>(() => RunAsync("probe", "http://192.0.2.1/", "--from", from));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_NoUrlAndNoVip_AsksForOne() =>
        Assert.Contains("no virtual IP", (await Assert.ThrowsAsync<OperatorException>(() => RunAsync("probe"))).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task Probe_InputEnds_StopsEarlyWithReport()
    {
        await using var server = new TestHttpServer();

        // The input is empty: it ends at once, or after very few requests.
        await RunAsync("probe", server.Uri.ToString(), "--for", "1m", "--output", "json", "--until-eof");

        Assert.True(JsonSerializer.Deserialize(_out.ToString(), ProbeJson.Default.ProbeReport)!.EndedEarly);
    }

    [Theory]
    [InlineData("fd00::1", "http://[fd00::1]/")]
    [InlineData("www.example.com/health", "http://www.example.com/health")]
    [InlineData("tcp://[fd00::1]:5432", "tcp://[fd00::1]:5432/")]
    public void Parse_ShortForm_IsCompleted(string text, string uri) => Assert.Equal(uri, ProbeUrl.Parse(text).AbsoluteUri);

    [Fact]
    public void Of_VipWithCheck_AsksWhatTheCheckAsks()
    {
        var vip = new VirtualIp
        {
            Name = "v",
            Address = System.Net.IPAddress.Parse("fd00::100"),
            PrefixLength = 128,
            Check = new HttpCheck { Path = "/health", Port = 8080 },
        };

        Assert.Equal("http://[fd00::100]:8080/health", VipUrl.Of(vip).AbsoluteUri);
        Assert.Equal("tcp://[fd00::100]:80/", VipUrl.Of(vip with { Check = null }).AbsoluteUri);
    }

    private Task<int> RunAsync(params string[] words)
    {
        var context = new CliContext(new Streams(_out, _error, new StringReader("")), TimeProvider.System);
        var root = new RootCommand();
        context.Options.AddTo(root);
        root.Subcommands.Add(new ProbeCommand(context, _ => Cluster,
            () => throw new InvalidOperationException("no shell expected")).Create());
        return root.Parse(words).InvokeAsync(new() { EnableDefaultExceptionHandler = false }, TestContext.Current.CancellationToken);
    }
}
