using System.Globalization;
using System.Text.Json.Nodes;
using LbRunbook.Adapters.Processes;

namespace LbRunbook.SystemTests.Failover;

/// <summary>A run that was killed with -9 right after it had said a certain line.</summary>
/// <param name="K">The how manieth place of this command, from 1.</param>
/// <param name="Intended">Something may have been changed.</param>
internal sealed record KilledRun(int K, JsonObject Line, bool Intended, int ExitCode)
{
    /// <summary>LBCTL_KILL_EVERYWHERE=1: at every place of every step, and both ways from each; tests/bench/killed.sh.</summary>
    private static readonly bool s_everywhere = Environment.GetEnvironmentVariable("LBCTL_KILL_EVERYWHERE") == "1";

    /// <summary>
    /// The attempts of a test that goes on in two ways: at each place one of them, turn by turn, so that both get as many intents as ends;
    /// or everywhere.
    /// </summary>
    /// <param name="attempt">From 1.</param>
    /// <param name="kinds">Only the first place of every kind of step, for plans that do the same on both nodes side by side: the other one
    /// is anywhere then.</param>
    /// <returns>Null when there is no such attempt any more.</returns>
    public static async Task<KilledRun?> AttemptAsync(Operator op, int attempt, bool kinds, params IReadOnlyList<string> command)
    {
        var k = s_everywhere ? (attempt + 1) / 2 : attempt;
        var killed = await AfterAsync(op, k, (kind, index) => kinds && !s_everywhere ? kind : $"{index}", command);
        return killed is null ? null : killed with { GoesBack = s_everywhere ? attempt % 2 == 1 : k % 4 is 0 or 1 };
    }

    /// <summary>
    /// One place is after an intent, the next after the end of what was intended. A step without an intent has only looked: a run that
    /// is killed after it leaves what one leaves that is killed before it.
    /// </summary>
    private static async Task<KilledRun?> AfterAsync(Operator op, int k, Func<string, int, string> place, IReadOnlyList<string> command)
    {
        using var run = op.Start(command);
        var (kinds, places) = (new Dictionary<int, string>(), new HashSet<string>());
        while (await run.ReadAsync() is { } line)
        {
            var type = RunReport.TypeOf(line);
            if (type == "intent")
                kinds[(int)line["index"]!] = (string)line["step"]!["uses"]!;
            if (type is not ("intent" or "stepFinished") || (int)line["index"]! is var index && !kinds.ContainsKey(index)
                || !places.Add($"{type} {place(kinds[index], index)}") || places.Count < k)
                continue;
            run.Send(Signal.Kill);
            var report = await run.EndAsync();
            return new(k, line, kinds.Count > 0, report.ExitCode);
        }
        return null;
    }

    /// <summary>Of the two ways to go on: undo.</summary>
    public bool GoesBack { get; private init; }

    /// <summary>What the journal's file says decides, not what was meant: the kill may come after the outcome was written.</summary>
    public static bool IsComplete(Operator op) =>
        File.ReadAllText(op.JournalFiles().Single()).Contains("\"type\":\"outcome\"", StringComparison.Ordinal);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"killed (exit {ExitCode}) at place {K}, after the {Line["type"]} of step {(int)Line["index"]! + 1} "
            + $"({(string?)Line["detail"] ?? (string?)Line["step"]?["uses"]})");
}
