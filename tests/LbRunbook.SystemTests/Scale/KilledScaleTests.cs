using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Scale;

/// <summary>kill -9 after every intent and after every step of a scale-out and of a scale-in: undo and, separately, resume end in the wanted state.</summary>
public abstract class KilledScaleTests(LabFixture lab, ITestOutputHelper output)
{
    private readonly ScaledState _state = new(lab);

    [Fact]
    public Task ScaleOut_KilledAnywhere_IsTakenBackOrFinished() => ForEveryKillAsync(scaleIn: false);

    [Fact]
    public Task ScaleIn_KilledAnywhere_IsTakenBackOrFinished() => ForEveryKillAsync(scaleIn: true);

    private async Task ForEveryKillAsync(bool scaleIn)
    {
        using var first = await Operator.AtAsync(lab);
        var without = await _state.ReadAsync();
        await first.ExpectAsync(0, Arguments(scaleIn: false));
        var with = await _state.ReadAsync();
        Assert.NotEqual(without, with);
        await first.ExpectAsync(0, Arguments(scaleIn: true));
        await ExpectAsync(without, "scaled out and in");

        for (var k = 1; ; k++)
        {
            Assert.True(k < 60, "a run of sixty lines: this loop does not end");
            // Both ways from the same start, turn by turn.
            var back = k % 2 == 0;
            using var op = await Operator.AtAsync(lab);
            if (scaleIn)
                await op.ExpectAsync(0, Arguments(scaleIn: false));
            var killed = await KillAfterAsync(op, (k + 1) / 2, Arguments(scaleIn));
            if (killed is null)
            {
                output.WriteLine($"killed at {(k - 1) / 2} places, each taken back and finished");
                Assert.True(k > 20, $"only {k - 1} kills");
                if (!scaleIn)
                    await op.ExpectAsync(0, Arguments(scaleIn: true));
                return;
            }
            var report = await op.RunAsync(back ? "undo" : "resume");
            // The kill may come after the outcome was written: then there is nothing to go on with, and the state is what was wanted.
            Assert.True(report.ExitCode == 0 || (!back && report.ExitCode == 64), $"{killed}: {report}");
            await ExpectAsync(back == scaleIn ? with : without, $"{killed}, then {(back ? "undo" : "resume")}");
            if (back == scaleIn)
            {
                await op.ExpectAsync(0, Arguments(scaleIn: true));
                await ExpectAsync(without, $"{killed}, and scaled in");
            }
        }
    }

    private static string[] Arguments(bool scaleIn) => scaleIn ? ["scale-in", "--for", "20s"] : ["scale-out", "--warm-up", "0s"];

    private Task ExpectAsync(string expected, string when) => Poll.UntilAsync(_state.ReadAsync, s => s == expected, s => $"{when}:\n{s}\nexpected:\n{expected}");

    /// <returns>Null when the run has fewer than <paramref name="k"/> such lines.</returns>
    private static async Task<string?> KillAfterAsync(Operator op, int k, string[] arguments)
    {
        using var run = op.Start(arguments);
        for (var seen = 0; await run.ReadAsync() is { } line;)
        {
            if (RunReport.TypeOf(line) is not ("intent" or "stepFinished") || ++seen < k)
                continue;
            run.Send(Signal.Kill);
            await run.EndAsync();
            return $"killed after line {k}, the {line["type"]} of step {(int)line["index"]! + 1}";
        }
        return null;
    }
}

public sealed class KilledHaproxyScaleTests(HaproxyScaleLab lab, ITestOutputHelper output) : KilledScaleTests(lab, output), IClassFixture<HaproxyScaleLab>;

public sealed class KilledNginxScaleTests(NginxScaleLab lab, ITestOutputHelper output) : KilledScaleTests(lab, output), IClassFixture<NginxScaleLab>;
