using System.Text.Json;
using LbRunbook.Core.Files;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Journal;

/// <summary>Reads runs back, newest first. A damaged line (a kill in mid-write) ends that run's story there, no more.</summary>
/// <param name="warn">Told of what lies among the journals and is none; null = nobody wants to know.</param>
public sealed class JournalStore(StatePaths paths, Action<string>? warn = null)
{
    /// <summary>No run of ours comes near: whoever writes there besides us must not fill the memory.</summary>
    private const long LargestBytes = 64 * 1024 * 1024;

    /// <summary>A run that has ended does not change any more.</summary>
    private readonly Dictionary<string, RunRecord> _ended = [];
    private readonly HashSet<string> _foreign = [];

    /// <summary>Lazy: names sort by time, so whoever wants the last run reads one file, however many there are.</summary>
    /// <param name="cluster">Null = all.</param>
    public IEnumerable<RunRecord> Newest(string? cluster)
    {
        return Files()
            .OrderByDescending(f => Path.GetFileName(f), StringComparer.Ordinal)
            .Select(Read)
            .OfType<RunRecord>()
            .Where(r => cluster is null || r.Start.Cluster == cluster);
    }

    private string[] Files()
    {
        try
        {
            return Directory.Exists(paths.Runs) ? Directory.GetFiles(paths.Runs, "*.jsonl") : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn?.Invoke($"the journals cannot be listed: {e.Message}");
            return [];
        }
    }

    public RunRecord? Find(string runId) => RunId.IsValid(runId) ? Read(paths.RunFile(runId)) : null;

    /// <summary>The run that took this one back, alone or with the run that had finished it; null = none did.</summary>
    public RunRecord? UndoOf(string runId) => UndoOf(runId, [.. Newest(null)]);

    /// <summary>The newest run that went on with this one and ended, so that there is nothing more to resume; null = none did.</summary>
    public RunRecord? ResumeOf(string runId) => ResumeOf(runId, [.. Newest(null)]);

    /// <summary>A run with those that it went on with, oldest first.</summary>
    public IReadOnlyList<RunRecord> Chain(RunRecord run)
    {
        var chain = new List<RunRecord> { run };
        // A run resumes an older one: names that go round in a circle are no journal of ours.
        while (chain[0].Start.Resumes is { } earlier && Find(earlier) is { } found && chain.All(r => r.RunId != found.RunId))
            chain.Insert(0, found);
        return chain;
    }

    private static RunRecord? UndoOf(string runId, IReadOnlyList<RunRecord> all) =>
        all.FirstOrDefault(r => r.Start.Undoes == runId && r.Complete)
        ?? all.Where(r => r.Start.Resumes == runId && IsOlder(runId, r)).Select(r => UndoOf(r.RunId, all))
        .FirstOrDefault(u => u is not null);

    private static RunRecord? ResumeOf(string runId, IReadOnlyList<RunRecord> all) => all
        .Where(r => r.Start.Resumes == runId && IsOlder(runId, r))
        .Select(r => r.Complete ? r : ResumeOf(r.RunId, all))
        .FirstOrDefault(r => r is not null);

    /// <summary>Names sort by time.</summary>
    private static bool IsOlder(string runId, RunRecord than) => string.CompareOrdinal(runId, than.RunId) < 0;

    private RunRecord? Read(string path)
    {
        if (_ended.TryGetValue(path, out var known))
            return known;
        var run = ReadFile(path);
        if (run is { State: RunState.Finished })
            _ended[path] = run;
        return run;
    }

    private RunRecord? ReadFile(string path)
    {
        try
        {
            var foreign = RegularFile.WhyNot(path)
                ?? (new FileInfo(path) is { Exists: true, Length: > LargestBytes } ? "larger than any journal" : null);
            if (foreign is not null && _foreign.Add(path))
                warn?.Invoke($"{path} is {foreign}, not a journal: it is left out");
            if (foreign is not null)
                return null;
            var events = new List<RunEvent>();
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            while (reader.ReadLine() is { } line && Parse(line) is { } parsed)
                events.Add(parsed);
            return Assemble(events);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static RunEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, PlanJson.Default.RunEvent);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <param name="events">A journal's lines, in order.</param>
    /// <returns>Null = not even its beginning is there.</returns>
    internal static RunRecord? Assemble(IReadOnlyList<RunEvent> events)
    {
        if (events.Count == 0 || events[0] is not RunStarted start)
            return null;
        var outcome = events.OfType<RunOutcome>().LastOrDefault();
        return new RunRecord
        {
            Start = start,
            Intents = [.. events.OfType<StepIntended>()],
            Finished = [.. events.OfType<StepFinished>()],
            Outcome = outcome,
            State = outcome is not null ? RunState.Finished : RunProcess.IsAlive(start) ? RunState.Running : RunState.Killed,
        };
    }
}
