using System.Diagnostics;
using System.Text.Json;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Journal;

/// <summary>Reads runs back, newest first. A damaged line (a kill in mid-write) ends that run's story there, no more.</summary>
public sealed class JournalStore(StatePaths paths)
{
    /// <summary>Lazy: names sort by time, so whoever wants the last run reads one file, however many there are.</summary>
    /// <param name="cluster">Null = all.</param>
    public IEnumerable<RunRecord> Newest(string? cluster)
    {
        if (!Directory.Exists(paths.Runs))
            return [];
        return Directory.EnumerateFiles(paths.Runs, "*.jsonl")
            .OrderByDescending(f => Path.GetFileName(f), StringComparer.Ordinal)
            .Select(Read)
            .OfType<RunRecord>()
            .Where(r => cluster is null || r.Start.Cluster == cluster);
    }

    public RunRecord? Find(string runId) => RunId.IsValid(runId) ? Read(paths.RunFile(runId)) : null;

    /// <summary>The run that took this one back; null = none did.</summary>
    public RunRecord? UndoOf(string runId) =>
        Newest(null).FirstOrDefault(r => r.Start.Undoes == runId && r.Outcome is { Result: RunResult.Done or RunResult.AlreadySo });

    private static RunRecord? Read(string path)
    {
        try
        {
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

    private static RunRecord? Assemble(List<RunEvent> events)
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
            State = outcome is not null ? RunState.Finished : IsAlive(start) ? RunState.Running : RunState.Killed,
        };
    }

    /// <summary>A process on another machine cannot be asked: its run counts as going on.</summary>
    private static bool IsAlive(RunStarted start)
    {
        if (start.Host != Environment.MachineName)
            return true;
        try
        {
            using var process = Process.GetProcessById(start.Pid);
            // One that began after the run is somebody else with a reused number.
            return !process.HasExited && process.StartTime.ToUniversalTime() <= start.At.UtcDateTime.AddSeconds(1);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
