using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>A script reads the last line of stdout, whatever happened.</summary>
[Collection(SharedLab.Name)]
public sealed class OutcomeTests(LabFixture lab)
{
    public static TheoryData<int, string, string[]> Ends => new()
    {
        { 0, "changesPending", ["failover", "lb1", "lb2", "--dry-run"] },
        { 3, "refused", ["failover", "lb2", "lb1"] },
        { 64, "failed", ["failover", "lb1", "nobody"] },
        { 64, "failed", ["failover", "lb1"] },
        { 64, "failed", ["failover", "lb1", "lb2", "--dry-runn"] },
        { 64, "failed", ["failover", "lb1", "lb2", "--grace", "soon"] },
        { 64, "failed", ["undo"] },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Json_AnyEnd_LastLineIsTheOutcome(int exitCode, string result, string[] arguments)
    {
        using var op = await Operator.AtAsync(lab);
        var report = await op.ExpectAsync(exitCode, arguments);
        ExpectComplete(report, arguments[0], result);
        Assert.NotNull(report.Next);
    }

    [Fact]
    public async Task Json_ARun_HasItsIdAndEveryStep()
    {
        using var op = await Operator.AtAsync(lab);
        var report = await op.ExpectAsync(0, "failover", "lb1", "lb2");
        ExpectComplete(report, "failover", "done");
        Assert.Equal((string?)report.Lines.Single(l => RunReport.TypeOf(l) == "run")["runId"], report.RunId);
        Assert.Equal(report.Lines[0]["steps"]!.AsArray().Count, report.Outcome["steps"]!.AsArray().Count);
        Assert.True((int)report.Outcome["durationMs"]! > 0);
    }

    private static void ExpectComplete(RunReport report, string verb, string result)
    {
        var outcome = report.Outcome;
        foreach (var key in (string[])["type", "schema", "runId", "verb", "result", "exitCode", "durationMs", "steps"])
            Assert.True(outcome.ContainsKey(key), $"no '{key}' in the outcome:\n{report}");
        Assert.Equal(2, (int?)outcome["schema"]);
        Assert.Equal(verb, (string?)outcome["verb"]);
        Assert.Equal(result, (string?)outcome["result"]);
        Assert.Equal(report.ExitCode, (int?)outcome["exitCode"]);
    }
}
