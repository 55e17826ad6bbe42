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

    /// <summary>A run that has ended, or was killed, does not change any more.</summary>
    private readonly Dictionary<string, RunRecord> _ended = [];
    private readonly HashSet<string> _foreign = [];

    /// <summary>Lazy: names sort by time, so whoever wants the last run reads one file, however many there are.</summary>
    /// <param name="cluster">Null = all.</param>
    public IEnumerable<RunRecord> Newest(string? cluster) =>
        Files().Select(Read).OfType<RunRecord>().Where(r => cluster is null || r.Start.Cluster == cluster);

    /// <summary>Of all clusters, newest first; no file is read for it.</summary>
    public IReadOnlyList<string> Names() => [.. Files().Select(NameOf)];

    public RunRecord? Find(string runId) => RunId.IsValid(runId) ? Read(paths.RunFile(runId)) : null;

    /// <summary>The run that took this one back, alone or with the run that had finished it; null = none did.</summary>
    public RunRecord? UndoOf(string runId) => Since(runId).UndoOf(runId);

    /// <summary>The newest run that went on with this one and ended, so that there is nothing more to resume; null = none did.</summary>
    public RunRecord? ResumeOf(string runId) => Since(runId).ResumeOf(runId);

    /// <summary>What newer runs did to this one; what is older is not read for it.</summary>
    public RunLineage Since(string runId)
    {
        var lineage = new RunLineage();
        foreach (var run in Files().TakeWhile(f => string.CompareOrdinal(NameOf(f), runId) > 0).Select(Read).OfType<RunRecord>())
            lineage.AddOlder(run);
        return lineage;
    }

    /// <summary>A run with those that it went on with, oldest first.</summary>
    public IReadOnlyList<RunRecord> Chain(RunRecord run)
    {
        var chain = new List<RunRecord> { run };
        // A run resumes an older one: names that go round in a circle are no journal of ours.
        while (chain[0].Start.Resumes is { } earlier && Find(earlier) is { } found && chain.All(r => r.RunId != found.RunId))
            chain.Insert(0, found);
        return chain;
    }

    /// <summary>Newest first.</summary>
    private IEnumerable<string> Files()
    {
        try
        {
            string[] files = Directory.Exists(paths.Runs) ? Directory.GetFiles(paths.Runs, "*.jsonl") : [];
            return files.OrderByDescending(NameOf, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn?.Invoke($"the journals cannot be listed: {e.Message}");
            return [];
        }
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    private RunRecord? Read(string path)
    {
        if (_ended.TryGetValue(path, out var known))
            return known;
        var run = ReadFile(path);
        // It may have written its end and gone between our reading and our asking whether it lives.
        if (run is { State: RunState.Killed })
            run = ReadFile(path);
        if (run is { State: RunState.Finished or RunState.Killed })
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
            // The disk had no room for its end, or not even for its beginning, and may have had it for a name.
            var end = events.Exists(e => e is RunOutcome) ? null : JournalEnd.Read(path);
            if (events.Count == 0 && end is not null && _foreign.Add(path))
                warn?.Invoke($"{NameOf(path)} ended, and its disk was full: nothing of it is written down, and it is left out");
            return Assemble(events, end);
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
    /// <param name="end">What was left beside them in place of the outcome; null = nothing.</param>
    /// <returns>Null = not even its beginning is there.</returns>
    internal static RunRecord? Assemble(IReadOnlyList<RunEvent> events, RunOutcome? end = null)
    {
        if (events.Count == 0 || events[0] is not RunStarted start)
            return null;
        var written = events.OfType<RunOutcome>().LastOrDefault();
        var outcome = written ?? (end is null ? null : end with { RunId = start.RunId, Verb = start.Verb });
        return new RunRecord
        {
            Start = start,
            Intents = [.. events.OfType<StepIntended>()],
            Finished = [.. events.OfType<StepFinished>()],
            Outcome = outcome,
            JournalCut = written is null && outcome is not null,
            State = outcome is not null ? RunState.Finished : RunProcess.IsAlive(start) ? RunState.Running : RunState.Killed,
        };
    }
}
