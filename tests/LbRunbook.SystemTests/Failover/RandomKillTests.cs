using System.Diagnostics;
using System.Globalization;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>
/// kill -9 of a failover at a moment of chance, then <c>resume</c> or <c>undo</c>: one holder, and nothing left behind.
/// LBCTL_KILLS sets how many (tests/bench/kills.sh runs 500), LBCTL_KILLS_SEED repeats a sequence.
/// </summary>
[Collection(SharedLab.Name)]
public sealed class RandomKillTests(LabFixture lab, ITestOutputHelper output)
{
    private static readonly string[][] s_kinds = [[], ["--emergency"], ["--stop-proxy", "--grace", "1s"]];

    /// <summary>About what the runs take here: every moment of them has its chance, and a few come too late.</summary>
    private static readonly TimeSpan s_shortRun = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_longRun = TimeSpan.FromSeconds(3.5);

    private readonly Dictionary<string, int> _seen = [];

    [Fact]
    public async Task Failover_KilledAtAnyMoment_EndsWithOneHolderAndNothingLeftBehind()
    {
        lab.Require();
        var (kills, seed) = (FromEnvironment("LBCTL_KILLS", 16), FromEnvironment("LBCTL_KILLS_SEED", Environment.ProcessId));
        output.WriteLine($"{kills} kills, seed {seed}");
        var random = new Random(seed);
        var (from, to) = ("lb1", "lb2");
        (await Operator.AtAsync(lab)).Dispose();
        var clean = await LeftoversAsync();
        for (var k = 1; k <= kills; k++)
        {
            using var op = Operator.At(new LabSegment(lab.State));
            var kind = s_kinds[random.Next(s_kinds.Length)];
            var cure = random.Next(2) == 0 ? "resume" : "undo";
            var what = $"kill {k} of {kills} (seed {seed}): failover {from} {to} {string.Join(' ', kind)}, then {cure}";
            var after = await KillAsync(op, ["failover", from, to, "--yes", .. kind], random,
                kind is ["--emergency"] ? s_shortRun : s_longRun);
            var holder = await CureAsync(op, cure, from, to, $"{what}, killed after {after} ms");
            await op.Segment.ExpectHolderAsync(holder, $"{what}, killed after {after} ms");
            await op.Segment.ExpectServedByAsync(holder, $"{what}, killed after {after} ms");
            if (kind is ["--stop-proxy", ..])
                await lab.SystemctlAsync(holder == from ? to : from, "start", "haproxy");
            await ExpectCleanAsync(clean, $"{what}, killed after {after} ms");
            if (holder == to)
                (from, to) = (to, from);
        }
        output.WriteLine(string.Join(", ", _seen.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Value} x {s.Key}")));
    }

    /// <returns>After how many milliseconds.</returns>
    private static async Task<long> KillAsync(Operator op, string[] command, Random random, TimeSpan length)
    {
        using var run = op.Start(command);
        var clock = Stopwatch.StartNew();
        // One in five at any moment from the start of the process on; the others where it hurts, in the run itself.
        if (random.Next(5) > 0)
            await run.ReadUntilAsync("run");
        await Task.Delay(length * random.NextDouble(), TestContext.Current.CancellationToken);
        run.Send(Signal.Kill);
        await run.EndAsync();
        return clock.ElapsedMilliseconds;
    }

    /// <returns>Who has to hold the addresses now.</returns>
    private async Task<string> CureAsync(Operator op, string cure, string from, string to, string what)
    {
        var journal = op.JournalFiles().Select(File.ReadAllText).SingleOrDefault() ?? "";
        var (begun, changed, ended) = (journal.Length > 0, journal.Contains("\"type\":\"intent\"", StringComparison.Ordinal),
            journal.Contains("\"type\":\"outcome\"", StringComparison.Ordinal));
        var report = await op.RunAsync(cure, "--yes");
        // What never began cannot be gone on with, what changed nothing cannot be taken back, what ended is finished.
        var nothing = cure == "resume" ? !begun || ended : !changed;
        Assert.True(report.ExitCode == (nothing ? 64 : 0), $"{what}: {cure}: {report}\n{journal}");
        Count($"{(ended ? "too late" : changed ? "in the middle" : begun ? "before the first change" : "before the run")}, {cure}");
        return ended && cure == "resume" || begun && !nothing && cure == "resume" ? to : from;
    }

    private async Task ExpectCleanAsync(IReadOnlyList<string> clean, string what)
    {
        var now = await LeftoversAsync();
        for (var i = 0; i < clean.Count; i++)
        {
            var difference = NodeLeftovers.Difference(clean[i], now[i]);
            Assert.True(difference.Length == 0, $"{what}: lb{i + 1}: {difference}");
        }
    }

    private async Task<IReadOnlyList<string>> LeftoversAsync() =>
        await Task.WhenAll(NodeLeftovers.OfAsync(lab, "lb1"), NodeLeftovers.OfAsync(lab, "lb2"));

    private void Count(string what) => _seen[what] = _seen.GetValueOrDefault(what) + 1;

    private static int FromEnvironment(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : usual;
}
