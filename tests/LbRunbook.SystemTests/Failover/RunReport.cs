using System.Text.Json;
using System.Text.Json.Nodes;
using LbRunbook.Adapters.Processes;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>What a run wrote with <c>--output json</c>. Every line must be one object, and the last one the outcome.</summary>
internal sealed record RunReport(int ExitCode, IReadOnlyList<JsonObject> Lines, string Output, string Error)
{
    /// <summary>128 and the signal's number.</summary>
    private const int Killed = 137;

    public static RunReport Of(ProcessResult result) => Of(result.ExitCode, result.Output, result.Error);

    public static RunReport Of(int exitCode, string output, string error)
    {
        // Killed, it may have been in the middle of a line.
        var whole = exitCode == Killed ? output[..(output.LastIndexOf('\n') + 1)] : output;
        var lines = whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToList();
        return new(exitCode, lines, output, error);
    }

    public JsonObject Outcome
    {
        get
        {
            Assert.True(Lines.Count > 0 && TypeOf(Lines[^1]) == "outcome", $"the last line is no outcome:\n{this}");
            return Lines[^1];
        }
    }

    public string Result => (string)Outcome["result"]!;
    public string? RunId => (string?)Outcome["runId"];
    public string? Next => (string?)Outcome["next"];
    public IReadOnlyList<string> Guards =>
        [.. Outcome["refusals"]!.AsArray().Select(r => (string)r!["guard"]!).Order(StringComparer.Ordinal)];

    public JsonObject Refusal(string guard) => Outcome["refusals"]!.AsArray().Single(r => (string?)r!["guard"] == guard)!.AsObject();

    public static string TypeOf(JsonObject line) => (string?)line["type"] ?? "";

    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";

    private static JsonObject Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line)!.AsObject();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"not a JSON object on stdout: {line}", e);
        }
    }
}
