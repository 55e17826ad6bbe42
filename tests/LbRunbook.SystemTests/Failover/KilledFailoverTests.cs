using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>
/// kill -9 between any two steps of a failover, and between a step's intent and its end: the journal and the probes are enough to go either
/// way.
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

    /// <summary>Kills at the first place of each kind of step, at the second, … until a run ends before it can be killed.</summary>
    private protected async Task ForEveryKillAsync(Func<Operator, KilledRun, Task> andThen, int atLeast, bool heal = true)
    {
        for (var k = 1; ; k++)
        {
            Assert.True(k < 200, "a run of two hundred attempts: this loop does not end");
            using var op = heal ? await Operator.AtAsync(lab) : await Operator.AtBrokenAsync(lab);
            if (await KilledRun.AttemptAsync(op, k, kinds: true, "failover", "lb1", "lb2") is not { } killed)
            {
                output.WriteLine($"killed {k - 1} times");
                Assert.True(k > atLeast, $"only killed {k - 1} times");
                return;
            }
            await andThen(op, killed);
        }
    }

    private protected static async Task TypeAgainAsync(Operator op, KilledRun killed)
    {
        var again = await op.RunAsync("failover", "lb1", "lb2");
        Assert.True(again.ExitCode == 0, $"{killed}: the same command again: {again}");
        await op.Segment.ExpectHolderAsync("lb2", $"{killed}, then the same command");
        await op.Segment.ExpectServedByAsync("lb2", $"{killed}, then the same command");
    }
}

/// <summary>Undone or typed again, turn by turn; both from each place of each step with tests/bench/killed.sh.</summary>
public sealed class KilledPlannedFailoverTests(LabFixture lab, ITestOutputHelper output) : KilledFailoverTests(lab, output)
{
    [Fact]
    public Task Failover_KilledAnywhere_UndoneOrTypedAgainEndsWhole() => ForEveryKillAsync(async (op, killed) =>
    {
        await ExpectHistoryAsync(op, killed);
        await (killed.GoesBack ? UndoAsync(op, killed) : TypeAgainAsync(op, killed));
        await HandOverTraces.ExpectNoneAsync(Lab, $"{killed}, then {(killed.GoesBack ? "undo" : "the same command")}");
    }, atLeast: 10);

    private static async Task UndoAsync(Operator op, KilledRun killed)
    {
        var undo = await op.RunAsync("undo");
        // Without an intent nothing was changed, and nothing is there to be taken back.
        Assert.True(undo.ExitCode == (killed.Intended ? 0 : 64), $"{killed}: undo: {undo}");
        await op.Segment.ExpectHolderAsync("lb1", $"{killed}, then undo");
        await op.Segment.ExpectServedByAsync("lb1", $"{killed}, then undo");
    }

    private static async Task ExpectHistoryAsync(Operator op, KilledRun killed)
    {
        var expected = KilledRun.IsComplete(op) ? "finished" : "killed";
        var history = await op.ExpectAsync(0, "history");
        Assert.True((string?)Assert.Single(history.Lines)["state"] == expected, $"{killed}: history does not say {expected}: {history}");
    }
}

public sealed class KilledEmergencyFailoverTests(LabFixture lab, ITestOutputHelper output) : KilledFailoverTests(lab, output)
{
    [Fact]
    public async Task Failover_EmergencyKilledAnywhereAndTypedAgain_NewNodeHoldsBoth()
    {
        Lab.Require();
        await Lab.BreakAsync("proxy-kill", "lb1");
        await ForEveryKillAsync(TypeAgainAsync, atLeast: 5, heal: false);
    }
}
