using System.Diagnostics;
using System.Globalization;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Locks;

/// <summary>
/// Many failovers at the same moment, in opposite directions, from operators who share nothing: one acts, the others are told who.
/// <c>LBCTL_CONTENTION_ROUNDS</c> says how often (tests/bench/contention.sh: 20 times).
/// </summary>
public sealed class ContentionTests(LabFixture lab, ITestOutputHelper output) : IClassFixture<LabFixture>
{
    private const int Operators = 20;

    [Fact]
    public async Task Failover_TwentyAtOnceInOppositeDirections_OneActsAndNineteenAreToldOfIt()
    {
        lab.Require();
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("LBCTL_CONTENTION_ROUNDS"), CultureInfo.InvariantCulture,
            out var wanted) ? wanted : 2;
        var tooSlow = 0;
        for (var round = 1; round <= rounds;)
        {
            if (await RoundAsync(round))
                round++;
            else
                Assert.True(++tooSlow <= 2 + (rounds / 4), "this machine is too busy for twenty at once");
        }
    }

    /// <returns>False when the one that had the lease could not reach its target in time, and so refused to act.</returns>
    private async Task<bool> RoundAsync(int round)
    {
        using var first = await Operator.AtAsync(lab);
        // One address on each node: both directions are something to do.
        await first.Segment.GiveAsync("lb2", first.Segment.Addresses.VipV6);
        Operator[] operators = [first, .. Enumerable.Range(1, Operators - 1).Select(_ => Operator.At(first.Segment))];
        var clock = Stopwatch.StartNew();
        var race = new Race();
        var runs = operators.Select(Start).ToList();
        try
        {
            var reports = await race.RunAsync(runs);
            if (reports.All(r => r.ExitCode is 3 or 6) && reports.Any(r => r.ExitCode == 3)
                && reports.Where(r => r.ExitCode == 3).All(r => r.Guards is ["target-reachable"] or ["holder-silent"]))
            {
                output.WriteLine($"round {round}: nobody acted: {reports.Count(r => r.ExitCode == 3)} had the lease and could not reach "
                    + $"its target; {reports.Count(r => r.ExitCode == 6)} exit 6; once more");
                return false;
            }
            Check(round, reports, runs);
            var target = (string?)reports.Single(r => r.ExitCode == 0).Lines.First(l => RunReport.TypeOf(l) == "run")["subjects"]!["to"];
            await first.Segment.ExpectHolderAsync(target!, $"round {round}");
            var locks = await first.RawAsync($"--lab={lab.Name}", "locks");
            Assert.True(locks.ExitCode == 0, $"round {round}: a lease was left: {locks.Output}{locks.Error}");
            output.WriteLine($"round {round}: 1 acted (to {target}), {reports.Count(r => r.ExitCode == 6)} exit 6 naming it, slowest "
                + $"refusal after {race.LastRefusal.TotalSeconds:0.0} s, whole round {clock.Elapsed.TotalSeconds:0.0} s");
            return true;
        }
        finally
        {
            foreach (var run in runs)
                run.Dispose();
            foreach (var o in operators.Skip(1))
                o.Dispose();
        }
    }

    private LiveLbctl Start(Operator who, int number)
    {
        // The one that acts is stopped below until all others have had their turn; that must not cost it its lease.
        who.Variables["LBCTL_LEASE_TTL"] = "2m";
        // A key of their own: connections are shared by those who log in alike. Slow logins are not what this is about.
        var key = who.Write("key", File.ReadAllText(lab.State.Paths.Key));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var text = File.ReadAllText(lab.Config);
        var own = text.Replace(lab.State.Paths.Key, key, StringComparison.Ordinal)
            .Replace("connectTimeout: 2s", "connectTimeout: 30s", StringComparison.Ordinal);
        Assert.Equal(text.Length + key.Length - lab.State.Paths.Key.Length + 1, own.Length);
        var (from, to) = number % 2 == 0 ? ("lb1", "lb2") : ("lb2", "lb1");
        return who.StartRaw("--config", who.Write("config.yaml", own), "failover", from, to, "--accept-unhealthy-target",
            "--output", "json");
    }

    private static void Check(int round, IReadOnlyList<RunReport> reports, List<LiveLbctl> runs)
    {
        var codes = string.Join(" ", reports.Select(r => r.ExitCode));
        var acted = reports.Select((r, i) => (Report: r, runs[i].Id)).Where(r => r.Report.ExitCode == 0).ToList();
        Assert.True(acted.Count == 1 && reports.Count(r => r.ExitCode == 6) == Operators - 1,
            $"round {round}: exit codes {codes}\n{string.Join("\n", reports.Where(r => r.ExitCode is not (0 or 6)))}");
        var named = reports.Where(r => r.ExitCode == 6).Select(r => (int?)r.Outcome["lockedBy"]?["holder"]?["pid"]).ToList();
        Assert.True(named.All(n => n == acted[0].Id), $"round {round}: {acted[0].Id} acted, and {string.Join(" ", named)} were named");
    }

    /// <summary>
    /// Whoever begins to act is stopped there until everybody else has ended: else a late starter would have its turn after it, and rightly
    /// so.
    /// </summary>
    private sealed class Race
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private int _refused;

        public TimeSpan LastRefusal { get; private set; }

        public async Task<IReadOnlyList<RunReport>> RunAsync(List<LiveLbctl> runs)
        {
            using var late = new CancellationTokenSource(Limit);
            using var registration = late.Token.Register(() => _go.TrySetResult());
            return await Task.WhenAll(runs.Select(r => Task.Run(() => FollowAsync(r))));
        }

        private async Task<RunReport> FollowAsync(LiveLbctl run)
        {
            var acts = false;
            while (await run.ReadAsync() is { } line)
            {
                if (RunReport.TypeOf(line) != "run")
                    continue;
                acts = true;
                run.Send(Signal.Stop);
                await _go.Task;
                run.Send(Signal.Continue);
            }
            var report = await run.EndAsync();
            if (acts)
                return report;
            LastRefusal = _clock.Elapsed;
            if (Interlocked.Increment(ref _refused) == Operators - 1)
                _go.TrySetResult();
            return report;
        }
    }
}
