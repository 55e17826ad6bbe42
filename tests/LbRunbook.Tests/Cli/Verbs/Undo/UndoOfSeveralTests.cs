using LbRunbook.Cli;
using LbRunbook.Cli.Output;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Runs;
using LbRunbook.Tests.Engine.Journal;
using Xunit;

namespace LbRunbook.Tests.Cli.Verbs.Undo;

/// <summary><c>undo --last N</c> and <c>history</c>, from argv on, over journals that lie there.</summary>
public sealed class UndoOfSeveralTests : IDisposable
{
    private const string Configuration = """
        cluster: web-test
        environment: lab
        nodes:
          - {name: lb1, host: 10.0.0.11, proxy: haproxy, priority: 150}
          - {name: lb2, host: 10.0.0.12, proxy: haproxy, priority: 100}
        vips:
          - {name: public, address: 10.0.0.100/32, check: {type: http, port: 80, path: /health}}
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("lbctl-several-").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly List<IAction> _actions = [];
    private readonly JournaledRuns _runs;

    /// <summary>What each undo ends with.</summary>
    private Func<int, int> _code = _ => 0;

    public UndoOfSeveralTests()
    {
        File.WriteAllText(Path.Combine(_root, "config.yaml"), Configuration);
        _runs = new(new StatePaths(Path.Combine(_root, "lbctl")));
        foreach (var id in (string[])["20260101-000001-001-failover", "20260102-000002-002-failover", "20260103-000003-003-failover"])
            _runs.Add(id);
    }

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Last_Two_AreUndoneNewestFirst()
    {
        Assert.Equal(0, await RunAsync("undo --last 2 --yes"));
        Assert.Equal(2, _actions.Count);
        Assert.Equal(["undo 1 of 2: 20260103-000003-003-failover (run 20260103-000003-003-failover)",
            "undo 2 of 2: 20260102-000002-002-failover (run 20260102-000002-002-failover)"],
            _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Last_OneDoesNotSucceed_StopsThereAndNamesWhatIsLeft()
    {
        _code = n => n == 2 ? 4 : 0;
        Assert.Equal(4, await RunAsync("undo --last 3 --yes"));
        Assert.Equal(2, _actions.Count);
        Assert.Contains("stopped at 20260102-000002-002-failover; taken back: 20260103-000003-003-failover; not taken back: "
            + "20260102-000002-002-failover, 20260101-000001-001-failover", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("undo --last 2", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Last_DryRunWithPendingChanges_LooksAtAllOfThem()
    {
        _code = _ => 2;
        Assert.Equal(2, await RunAsync("undo --last 3 --dry-run --detailed-exitcode"));
        Assert.Equal(3, _actions.Count);
    }

    [Theory]
    [InlineData("undo --last 4", "only 3 runs changed web-test", "lbctl undo --last 3")]
    [InlineData("undo --last 0", "1 or more", "lbctl undo --help")]
    [InlineData("undo 003 --last 1", "exclude each other", "lbctl undo --help")]
    [InlineData("undo failover", "is a part of 3 run ids", "lbctl history")]
    [InlineData("resume", "nothing to finish", "lbctl history")]
    public async Task Undo_NotUnderstood_LeadsOut(string line, string says, string next)
    {
        Assert.Equal(64, await RunAsync(line));
        Assert.Empty(_actions);
        Assert.Contains(says, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Next: {next.Replace("lbctl ", $"lbctl --config {_root}/config.yaml ", StringComparison.Ordinal)}",
            _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_PartOfAName_IsThatRunStepByStep()
    {
        Assert.Equal(0, await RunAsync("history 002-fail"));
        Assert.Contains("  1. add the virtual IP public on lb2", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("20260102-000002-002-failover", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_KilledAndSuperseded_OffersNoWayBackIntoThePast()
    {
        _runs.Add("20251231-000000-000-failover", result: null);
        _runs.Add("20260104-000000-000-failover", result: null);
        Assert.Equal(0, await RunAsync("history"));
        var text = _out.ToString();
        Assert.Contains("killed in the middle, superseded by 20260101-000001-001-failover", text, StringComparison.Ordinal);
        Assert.DoesNotContain("resume 20251231", text, StringComparison.Ordinal);
        Assert.Contains("resume 20260104-000000-000-failover", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_JournalsDiskFilledUp_IsNotCalledKilled()
    {
        _runs.Add("20260104-000000-000-failover", result: null);
        JournalEnd.Write(new(Path.Combine(_root, "lbctl")), "20260104-000000-000-failover",
            JournaledRuns.Outcome(LbRunbook.Core.Plans.RunResult.Done));
        Assert.Equal(0, await RunAsync("history --limit 1"));
        Assert.Contains("done (its journal's disk was full: not all of it is written down)", _out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("killed", _out.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(string line)
    {
        var context = new CliContext(new Streams(_out, _error, TextReader.Null), TimeProvider.System)
        {
            Variable = name => name == "XDG_STATE_HOME" ? _root : null,
            Instead = (_, _, action) =>
            {
                _actions.Add(action);
                return Task.FromResult(_code(_actions.Count));
            },
        };
        return CliMain.RunAsync(["--config", Path.Combine(_root, "config.yaml"), .. line.Split(' ')], context);
    }
}
