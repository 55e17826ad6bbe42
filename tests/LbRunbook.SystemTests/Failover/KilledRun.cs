using System.Globalization;
using System.Text.Json.Nodes;
using LbRunbook.Adapters.Processes;

namespace LbRunbook.SystemTests.Failover;

/// <summary>A run that was killed with -9 right after it had said a certain line.</summary>
/// <param name="K">The how manieth place of this command, from 1.</param>
/// <param name="Intended">Something may have been changed.</param>
internal sealed record KilledRun(int K, JsonObject Line, bool Intended, int ExitCode)
{
    /// <summary>
    /// One place is after an intent, the next after the end of what was intended. A step without an intent has only looked: a run that
    /// is killed after it leaves what one leaves that is killed before it.
    /// </summary>
    /// <returns>Null when the run has fewer than <paramref name="k"/> such places.</returns>
    public static Task<KilledRun?> AfterAsync(Operator op, int k, params IReadOnlyList<string> command) =>
        AfterAsync(op, k, (_, index) => $"{index}", command);

    /// <summary>The same with only the first place of every kind of step, for plans that do the same on both nodes side by side: the other one is anywhere then.</summary>
    public static Task<KilledRun?> AfterKindAsync(Operator op, int k, params IReadOnlyList<string> command) =>
        AfterAsync(op, k, (kind, _) => kind, command);

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

    /// <summary>For two ways to go on of which each place tries one: both get as many intents as ends.</summary>
    public bool GoesBack => K % 4 is 0 or 1;

    /// <summary>What the journal's file says decides, not what was meant: the kill may come after the outcome was written.</summary>
    public static bool IsComplete(Operator op) =>
        File.ReadAllText(op.JournalFiles().Single()).Contains("\"type\":\"outcome\"", StringComparison.Ordinal);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"killed (exit {ExitCode}) at place {K}, after the {Line["type"]} of step {(int)Line["index"]! + 1} ({(string?)Line["detail"] ?? (string?)Line["step"]?["uses"]})");
}
