using System.Text.Json;
using System.Text.Json.Serialization;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Cli.Verbs.History;

/// <summary>JSON Lines, one object a run; <c>state</c> is finished, running or killed.</summary>
internal sealed class JsonHistoryView(TextWriter output) : IHistoryView
{
    public void Many(IEnumerable<RunRecord> runs)
    {
        foreach (var run in runs)
            Write(run);
    }

    public void One(RunRecord run, RunLineage lineage) => Write(run);

    /// <summary>One object a run, nothing else: a report reads assess for what is so now.</summary>
    public void Remind(StandbyReminder reminder)
    {
    }

    private void Write(RunRecord run) => output.WriteLine(JsonSerializer.Serialize(new HistoryEntry
    {
        RunId = run.RunId,
        At = run.Start.At,
        Verb = run.Start.Verb,
        Cluster = run.Start.Cluster,
        Title = run.Start.Title,
        User = run.Start.User,
        Host = run.Start.Host,
        State = run.State.ToString().ToLowerInvariant(),
        MayHaveChanged = run.MayHaveChanged,
        JournalCut = run.JournalCut,
        Undoes = run.Start.Undoes,
        Resumes = run.Start.Resumes,
        Outcome = run.Outcome,
    }, HistoryJson.Default.HistoryEntry));
}

internal sealed record HistoryEntry
{
    public string Type { get; init; } = "history";
    public int Schema { get; init; } = 1;
    public required string RunId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Verb { get; init; }
    public required string Cluster { get; init; }
    public required string Title { get; init; }
    public required string User { get; init; }
    public required string Host { get; init; }
    public required string State { get; init; }
    public required bool MayHaveChanged { get; init; }

    /// <summary>Its disk was full: not all that it did is written down.</summary>
    public bool JournalCut { get; init; }
    public string? Undoes { get; init; }
    public string? Resumes { get; init; }
    public RunOutcome? Outcome { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryEntry))]
internal sealed partial class HistoryJson : JsonSerializerContext;
