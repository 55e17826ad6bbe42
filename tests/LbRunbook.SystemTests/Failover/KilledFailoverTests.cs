using System.Globalization;
using System.Text.Json.Nodes;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>
/// kill -9 between any two steps of a failover, and between a step's intent and its end: the journal and the probes are enough to go either way.
/// </summary>
public abstract class KilledFailoverTests(LabFixture lab, ITestOutputHelper output) : IClassFixture<LabFixture>, IAsyncDisposable
{
    private protected LabFixture Lab => lab;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (LabNames.WhyNoLab() is null)
            await lab.HealAsync();
    }

    /// <summary>Kills after the first line, after the second, … until a run ends before it can be killed.</summary>
    private protected async Task ForEveryKillAsync(Func<Operator, KilledRun, Task> andThen, bool heal = true)
    {
        for (var k = 1; ; k++)
        {
            Assert.True(k < 100, "a run of a hundred lines: this loop does not end");
            using var op = heal ? await Operator.AtAsync(lab) : await Operator.AtBrokenAsync(lab);
            if (await KillAfterAsync(op, k) is not { } killed)
            {
                output.WriteLine($"killed at {k - 1} places");
                Assert.True(k > 10, $"only {k - 1} places to kill at");
                return;
            }
            await andThen(op, killed);
        }
    }

    /// <returns>Null when the run has fewer than <paramref name="k"/> such lines.</returns>
    private static async Task<KilledRun?> KillAfterAsync(Operator op, int k)
    {
        using var run = op.Start("failover", "lb1", "lb2");
        var intended = false;
        for (var seen = 0; await run.ReadAsync() is { } line;)
        {
            if (RunReport.TypeOf(line) is not ("intent" or "stepFinished"))
                continue;
            intended |= RunReport.TypeOf(line) == "intent";
            if (++seen < k)
                continue;
            run.Send(Signal.Kill);
            var report = await run.EndAsync();
            return new(k, line, intended || report.Output.Contains("\"intent\"", StringComparison.Ordinal), report.ExitCode);
        }
        return null;
    }

    internal sealed record KilledRun(int K, JsonObject Line, bool Intended, int ExitCode)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"killed (exit {ExitCode}) after line {K}, the {Line["type"]} of step {(int)Line["index"]! + 1} ({(string?)Line["detail"] ?? (string?)Line["step"]?["uses"]})");
    }
}

/// <summary>… and back.</summary>
public sealed class KilledFailoverUndoTests(LabFixture lab, ITestOutputHelper output) : KilledFailoverTests(lab, output)
{
    [Fact]
    public Task Undo_KilledAnywhere_HistorySaysSoAndOldNodeHoldsBoth() => ForEveryKillAsync(async (op, killed) =>
    {
        await ExpectHistoryAsync(op, killed);
        var undo = await op.RunAsync("undo");
        // Without an intent nothing was changed, and nothing is there to be taken back.
        Assert.True(undo.ExitCode == (killed.Intended ? 0 : 64), $"{killed}: undo: {undo}");
        await op.Segment.ExpectHolderAsync("lb1", $"{killed}, then undo");
        await op.Segment.ExpectServedByAsync("lb1", $"{killed}, then undo");
        await HandOverTraces.ExpectNoneAsync(Lab, $"{killed}, then undo");
    });

    /// <summary>What the journal's file says decides, not what was meant: the kill may come after the outcome was written.</summary>
    private static async Task ExpectHistoryAsync(Operator op, KilledRun killed)
    {
        var journal = await File.ReadAllTextAsync(Assert.Single(op.JournalFiles()), TestContext.Current.CancellationToken);
        var expected = journal.Contains("\"type\":\"outcome\"", StringComparison.Ordinal) ? "finished" : "killed";
        var history = await op.ExpectAsync(0, "history");
        Assert.True((string?)Assert.Single(history.Lines)["state"] == expected, $"{killed}: history does not say {expected}: {history}");
    }
}

/// <summary>… and on.</summary>
public sealed class KilledFailoverAgainTests(LabFixture lab, ITestOutputHelper output) : KilledFailoverTests(lab, output)
{
    [Fact]
    public Task Failover_KilledAnywhereAndTypedAgain_NewNodeHoldsBoth() => ForEveryKillAsync(async (op, killed) =>
    {
        await TypeAgainAsync(op, killed);
        await HandOverTraces.ExpectNoneAsync(Lab, $"{killed}, then the same command");
    });

    [Fact]
    public async Task Failover_EmergencyKilledAnywhereAndTypedAgain_NewNodeHoldsBoth()
    {
        Lab.Require();
        await Lab.BreakAsync("proxy-kill", "lb1");
        await ForEveryKillAsync(TypeAgainAsync, heal: false);
    }

    private static async Task TypeAgainAsync(Operator op, KilledRun killed)
    {
        var again = await op.RunAsync("failover", "lb1", "lb2");
        Assert.True(again.ExitCode == 0, $"{killed}: the same command again: {again}");
        await op.Segment.ExpectHolderAsync("lb2", $"{killed}, then the same command");
        await op.Segment.ExpectServedByAsync("lb2", $"{killed}, then the same command");
    }
}
