using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Backends;

/// <summary>
/// kill -9 at every kind of step of each verb: undo and resume, turn by turn, end in exactly the state from before or the wanted one.
/// </summary>
public abstract class KilledBackendTests(LabFixture lab, ITestOutputHelper output)
{
    private static readonly string[] s_isolate = ["isolate-backend", "web1"];
    private static readonly string[] s_drain = ["drain", "web1", "--for", "2s", "--steps", "2", "--then", "isolate"];
    private static readonly string[] s_restore = ["restore-backend", "web1", "--ramp", "0s"];

    private readonly BackendState _state = new(lab);

    [Fact]
    public async Task IsolateDrainRestore_KilledAnywhere_AreTakenBackOrFinished()
    {
        using var op = await Operator.AtAsync(lab);
        var whole = await _state.ReadAsync();
        foreach (var away in (string[][])[s_isolate, s_drain])
        {
            await op.ExpectAsync(0, away);
            var gone = await _state.ReadAsync();
            Assert.NotEqual(whole, gone);
            // From there the way back is killed, and ends where the way there begins.
            await KillEverywhereAsync(op, s_restore, gone, whole, away);
            await op.ExpectAsync(0, s_restore);
            await KillEverywhereAsync(op, away, whole, gone, s_restore);
        }
    }

    private async Task KillEverywhereAsync(Operator op, string[] command, string from, string to, string[] opposite)
    {
        for (var k = 1; ; k++)
        {
            Assert.True(k < 200, "a run of two hundred attempts: this loop does not end");
            await IsAsync(from, $"before {command[0]}");
            if (await KilledRun.AttemptAsync(op, k, kinds: true, command) is not { } killed)
            {
                output.WriteLine($"{command[0]}: killed {k - 1} times");
                Assert.True(k > 2, $"only killed {k - 1} times");
                await op.ExpectAsync(0, opposite);
                return;
            }
            // The last kill may come when the outcome is written already: then there is nothing to finish, and the state tells.
            var report = await op.RunAsync(killed.GoesBack ? "undo" : "resume");
            Assert.True(report.ExitCode == 0 || (!killed.GoesBack && report.ExitCode == 64), $"{command[0]} {killed}: {report}");
            await IsAsync(killed.GoesBack ? from : to, $"{command[0]} {killed}, then {(killed.GoesBack ? "undo" : "resume")}");
            if (!killed.GoesBack)
                await op.ExpectAsync(0, opposite);
        }
    }

    private async Task IsAsync(string expected, string when) =>
        await Poll.UntilAsync(_state.ReadAsync, s => s == expected, s => $"{when}:\n{s}\nexpected:\n{expected}");
}

public sealed class KilledHaproxyBackendTests(LabFixture lab, ITestOutputHelper output) : KilledBackendTests(lab, output),
IClassFixture<LabFixture>;

public sealed class KilledNginxBackendTests(NginxLab lab, ITestOutputHelper output) : KilledBackendTests(lab, output),
IClassFixture<NginxLab>;
