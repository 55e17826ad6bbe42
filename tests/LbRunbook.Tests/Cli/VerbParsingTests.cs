using System.Text;
using LbRunbook.Cli;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;
using LbRunbook.TestKit;
using LbRunbook.Tests.Engine;
using LbRunbook.Tests.Engine.Runs;
using Xunit;

namespace LbRunbook.Tests.Cli;

/// <summary>
/// What each verb understands of its command line: the action that it makes, shown by the plan that this makes of a fleet in order.
/// </summary>
public sealed class VerbParsingTests : IDisposable
{
    private const string Configuration = """
        cluster: web-test
        environment: lab
        nodes:
          - {name: lb1, host: 10.0.0.11, proxy: haproxy, priority: 150}
          - {name: lb2, host: 10.0.0.12, proxy: haproxy, priority: 100}
        vips:
          - {name: public, address: 10.0.0.100/32, check: {type: http, port: 80, path: /health}}
        pools:
          - name: web
            backends:
              - {name: web1, host: 10.0.0.21, port: 8080, service: {name: app}, ssh: {}}
              - {name: web2, host: 10.0.0.22, port: 8080}
              - {name: web3, host: 10.0.0.23, port: 8080}
            emergency:
              - {name: em1, host: 10.0.0.31, port: 8080, service: {name: app}, ssh: {}}
        """;

    private readonly EngineLab _lab = new();
    private readonly StringWriter _error = new();
    private (MutationFlags Flags, IAction Action)? _understood;

    public VerbParsingTests() => File.WriteAllText(Path.Combine(_lab.World.State.Root, "config.yaml"), Configuration);

    public void Dispose()
    {
        _lab.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Verbs_UnderstandTheirOptions()
    {
        var page = new StringBuilder();
        _lab.Fakes.BackendHosts["web1"].Active = false;
        foreach (var line in (string[])
        [
            "failover lb1 lb2",
            "failover 10.0.0.11 lb2 --emergency",
            "failover lb1 lb2 --stop-proxy --grace 90s --yes",
            "failover --sweep --dry-run",
            "drain lb1 --for 10m --then isolate --confirm web-test",
            "drain web1 --for 60s --steps 2 --then isolate",
            "drain web1 --for 10s --steps 1 --on-timeout restore",
            "isolate-backend web1 --hard",
            "isolate-backend 10.0.0.21:8080 --from web --dry-run --detailed-exitcode",
            "auto-recover web1 --attempts 2 --wait 5s --ramp 0s",
            "scale-out --pool web --count 1 --warm-up 10s --wait 20s",
        ])
            page.Append(await UnderstoodAsync(line));
        Golden.Verify(page.ToString(), "verbs");
    }

    [Fact]
    public async Task Restore_IsolatedBackend_UnderstandsItsRamp()
    {
        _lab.Run(EngineIsolate());
        Assert.Contains("60", await UnderstoodAsync("restore-backend web1 --ramp 60s --wait 5s"), StringComparison.Ordinal);
        Assert.Contains("take back", await UnderstoodAsync("undo"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("failover lb1", "TO is missing", "lbctl failover --help")]
    [InlineData("failover", "FROM and TO are missing", "lbctl failover --help")]
    [InlineData("failover lb1 lb3", "did you mean lb1?", "lbctl assess")]
    [InlineData("failover lb1 --sweep", "--sweep stands instead of FROM and TO", "lbctl failover --help")]
    [InlineData("failover lb1 lb2 --grace soon", "--grace soon: not a duration", "lbctl failover --help")]
    [InlineData("failover lb1 lb2 --emergancy", "did you mean --emergency?", "lbctl failover --help")]
    [InlineData("failover lb1 lb2 --hand-over maybe", "it is auto, on or off", "lbctl failover --help")]
    [InlineData("drain lb1 --steps 3", "--steps is about a backend", "lbctl drain lb1")]
    [InlineData("drain web1 --steps 0", "--steps must be between 1 and 100", "lbctl drain --help")]
    [InlineData("drain web9", "no backend 'web9'", "lbctl assess")]
    [InlineData("isolate-backend web1 --from wbe", "did you mean web?", "lbctl assess")]
    [InlineData("auto-recover web1 --attempts 11", "between 1 and 10", "lbctl auto-recover --help")]
    [InlineData("restore-backend", "Required argument 'BACKEND' missing", "lbctl restore-backend --help")]
    [InlineData("scale-out --count 0", "--count must be 1 or more", "lbctl scale-out --count 1")]
    [InlineData("scale-in --count 0", "--count must be 1 or more", "lbctl scale-in")]
    [InlineData("scale-out --pool wbe", "did you mean web?", "lbctl scale-out --pool web")]
    [InlineData("undo 20260101-000000-000-failover", "no run '20260101-000000-000-failover'", "lbctl history")]
    [InlineData("undo", "nothing to take back", "lbctl history")]
    [InlineData("resume", "nothing to finish", "lbctl history")]
    [InlineData("isolate-backend web1 --yess", "did you mean --yes?", "lbctl isolate-backend --help")]
    public async Task Verbs_NotUnderstood_SayTheWordAndTheWayOut(string line, string says, string next)
    {
        Assert.Equal(64, await RunAsync(line));
        Assert.Null(_understood);
        Assert.Contains(says, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Next: {next.Replace("lbctl ", $"lbctl --config {ConfigFile} ", StringComparison.Ordinal)}", _error.ToString(),
            StringComparison.Ordinal);
    }

    private string ConfigFile => Path.Combine(_lab.World.State.Root, "config.yaml");

    private IAction EngineIsolate() => _lab.Action("isolate-backend");

    private async Task<string> UnderstoodAsync(string line)
    {
        var code = await RunAsync(line);
        Assert.True(code == 0, $"{line}: {code}: {_error}");
        var (flags, action) = _understood!.Value;
        var seen = _lab.Events.Count;
        var outcome = _lab.Run(action, new() { Command = "lbctl", DryRun = true });
        var page = new StringBuilder($"$ lbctl {line}\n{action.Verb}{Words(flags)}\n");
        if (_lab.Events.Skip(seen).OfType<PlanMade>().SingleOrDefault() is not { } plan)
            return page.Append($"refused: {string.Join("; ", outcome.Refusals.Select(r => r.Reason))}\n\n").ToString();
        page.Append($"{plan.Title}\n");
        foreach (var sentence in plan.Sentences)
            page.Append($"  {sentence}\n");
        return page.Append('\n').ToString();
    }

    private static string Words(MutationFlags flags) => string.Concat(
        flags.DryRun ? ", dry run" : "", flags.DetailedExitCode ? ", with its exit code" : "", flags.Yes ? ", yes" : "",
        flags.Confirm is { } name ? $", confirmed as {name}" : "");

    private Task<int> RunAsync(string line)
    {
        _understood = null;
        var context = new CliContext(new Streams(TextWriter.Null, _error, TextReader.Null), TimeProvider.System)
        {
            Variable = name => name == "XDG_STATE_HOME" ? Path.GetDirectoryName(_lab.World.State.Root) : null,
            Instead = (_, flags, action) =>
            {
                _understood = (flags, action);
                return Task.FromResult(0);
            },
        };
        return CliMain.RunAsync(["--config", ConfigFile, .. line.Split(' ')], context);
    }
}
