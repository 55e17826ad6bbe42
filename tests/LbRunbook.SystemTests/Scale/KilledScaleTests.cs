using LbRunbook.SystemTests.Backends;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Scale;

/// <summary>
/// kill -9 after the first intent and the first end of every kind of step of a scale-out and of a scale-in (the other node is anywhere
/// then): undo and resume, turn by turn, end in the wanted state. The two verbs lead into each other's start, so that no kill needs a run
/// to prepare it.
/// </summary>
public abstract class KilledScaleTests(LabFixture lab, ITestOutputHelper output)
{
    private readonly BackendState _state = new(lab);

    [Fact]
    public async Task OutAndIn_KilledAnywhere_AreTakenBackOrFinished()
    {
        using var op = await Operator.AtAsync(lab);
        var without = await _state.ReadAsync();
        await op.ExpectAsync(0, Arguments(scaleIn: false));
        var with = await _state.ReadAsync();
        Assert.NotEqual(without, with);
        await op.ExpectAsync(0, Arguments(scaleIn: true));
        await IsAsync(without, "scaled out and in");

        var (next, ended) = (new Dictionary<bool, int> { [false] = 1, [true] = 1 }, new HashSet<bool>());
        for (var scaleIn = false; ended.Count < 2;)
        {
            Assert.True(next.Values.Max() < 300, "a run of three hundred attempts: this loop does not end");
            if (ended.Contains(scaleIn))
            {
                await op.ExpectAsync(0, Arguments(scaleIn));
                scaleIn = !scaleIn;
            }
            // The intents of one kind and the ends of the next: what was undone starts again, what was finished is where the other verb
            // starts.
            var killed = await KilledRun.AttemptAsync(op, next[scaleIn]++, kinds: true, Arguments(scaleIn));
            var back = killed?.GoesBack == true;
            if (killed is null)
            {
                ended.Add(scaleIn);
            }
            else
            {
                // The last kill may come when the outcome is written already: then there is nothing to finish, and the state tells.
                var report = await op.RunAsync(back ? "undo" : "resume");
                Assert.True(report.ExitCode == 0 || (!back && report.ExitCode == 64), $"{killed}: {report}");
            }
            await IsAsync(back == scaleIn ? with : without,
                $"{(scaleIn ? "scale-in" : "scale-out")} {killed?.ToString() ?? "not killed"}, then {(back ? "undo" : "resume")}");
            scaleIn = back ? scaleIn : !scaleIn;
        }
        output.WriteLine($"killed {next[false] - 2} times in a scale-out and {next[true] - 2} in a scale-in");
        Assert.True(next.Values.Min() > 7, $"only {next.Values.Min() - 2} kills");
    }

    private static string[] Arguments(bool scaleIn) =>
        scaleIn ? ["scale-in", "--for", "20s", "--warm-up", "0s"] : ["scale-out", "--warm-up", "0s"];

    private async Task IsAsync(string expected, string when) =>
        await Poll.UntilAsync(_state.ReadAsync, s => s == expected, s => $"{when}:\n{s}\nexpected:\n{expected}");
}

public sealed class KilledHaproxyScaleTests(HaproxyScaleLab lab, ITestOutputHelper output) : KilledScaleTests(lab, output),
IClassFixture<HaproxyScaleLab>;

public sealed class KilledNginxScaleTests(NginxScaleLab lab, ITestOutputHelper output) : KilledScaleTests(lab, output),
IClassFixture<NginxScaleLab>;
