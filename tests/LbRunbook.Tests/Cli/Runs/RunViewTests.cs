using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Engine.Failover;
using Xunit;

namespace LbRunbook.Tests.Cli.Runs;

/// <summary>What the operator, or the machine, gets to read of a run.</summary>
public class RunViewTests
{
    private readonly FailoverLab _lab = new(SampleFleet.TwoNodes());

    [Fact]
    public async Task Human_PlannedFailover_TellsTheWholeStory() => Golden.Verify(await HumanAsync(), "human-planned");

    [Fact]
    public async Task Human_AddNotConfirmed_SaysWhatWasSeenLast()
    {
        _lab.World.Faults.Inject("vip.remove", "lb1", FaultKind.Pretend);
        Golden.Verify(await HumanAsync(), "human-not-confirmed");
    }

    [Fact]
    public void Human_Refusal_NamesReasonFlagAndNextCommand()
    {
        _lab.World["lb1"].CutSsh();
        var (streams, text) = Streams();
        using var view = new HumanRunView(_lab.Fleet, streams, TimeProvider.System);
        view.On(new RunOutcome { Verb = "failover", Result = RunResult.Refused, Refusals = _lab.Plan().Refusals, Next = "lbctl assess",
            Seen = _lab.Observe() });
        Golden.Verify(text(), "human-refused");
    }

    [Fact]
    public async Task Json_AnyRun_IsJsonLinesWithTheOutcomeLast()
    {
        var (streams, _) = Streams();
        using var view = new JsonRunView(streams.Out);
        var plan = _lab.Plan().Plan!;
        view.On(PlanMade.Of(plan, null));
        var outcome = await _lab.RunAsync(plan);
        foreach (var e in _lab.Events)
            view.On(e);
        view.On(outcome with { RunId = "run" });
        var lines = streams.Out.ToString()!.TrimEnd().Split('\n').Select(l => System.Text.Json.Nodes.JsonNode.Parse(l)!).ToList();
        Assert.Equal("plan", (string?)lines[0]["type"]);
        var last = lines[^1];
        Assert.Equal(("outcome", 2, "run", "done"),
            ((string?)last["type"], (int)last["schema"]!, (string?)last["runId"], (string?)last["result"]));
        Assert.Equal(plan.Steps.Count, last["steps"]!.AsArray().Count);
    }

    [Fact]
    public void Human_AppliedInPart_NamesBothWaysAndEveryAddress()
    {
        var (streams, text) = Streams();
        using var view = new HumanRunView(_lab.Fleet, streams, TimeProvider.System);
        view.On(new RunOutcome { Verb = "failover", Result = RunResult.Partial, RunId = "run", Message = "interrupted after 5 of 9 steps",
            Next = "lbctl undo run", Or = "lbctl resume run",
            Gaps = [new("http://[fd00::100]/health", 30, 30, 600), new("http://10.0.0.100/health", 60, 0, 0)] });
        Assert.Contains("Undo: lbctl undo run\n  or: lbctl resume run", text().ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("Traffic: none of 30 new connections to http://[fd00::100]/health from here was answered", text(),
            StringComparison.Ordinal);
        Assert.Contains("Traffic: 60 new connections to http://10.0.0.100/health from here during the run, none failed", text(),
            StringComparison.Ordinal);
    }

    private async Task<string> HumanAsync()
    {
        var (streams, text) = Streams();
        using var view = new HumanRunView(_lab.Fleet, streams, TimeProvider.System);
        var plan = _lab.Plan().Plan!;
        view.On(PlanMade.Of(plan, _lab.Observe()));
        var outcome = await _lab.RunAsync(plan);
        foreach (var e in _lab.Events)
            view.On(e is StepFinished f ? f with { DurationMs = 7 } : e);
        view.On(outcome with { RunId = "20260102-030405-617-failover", DurationMs = 1200, Next = "lbctl undo 20260102-030405-617-failover",
            Gaps = [new("http://10.0.0.100/health", 60, 2, 41.5)], Seen = _lab.Observe() });
        return text();
    }

    /// <summary>stderr and stdout in one text, each line marked with where it went.</summary>
    private static (Streams Streams, Func<string> Text) Streams()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (new Streams(output, error, TextReader.Null), () => $"--- stderr\n{error}--- stdout\n{output}");
    }
}
