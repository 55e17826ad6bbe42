using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Journal;

/// <summary>
/// What newer runs did to older ones: took them back, went on with them, or changed the same cluster after them. Whoever goes through the
/// journal from its newest run on knows all of that of a run when it comes to it, and has read nothing twice.
/// </summary>
public sealed class RunLineage
{
    private readonly Dictionary<string, RunRecord> _undoes = [];
    private readonly Dictionary<string, List<RunRecord>> _resumes = [];
    private readonly List<RunRecord> _changed = [];

    /// <summary>Newest first: each is older than all before.</summary>
    public void AddOlder(RunRecord run)
    {
        // The newest of several that took the same run back.
        if (run.Start.Undoes is { } undone && run.Complete)
            _undoes.TryAdd(undone, run);
        if (run.Start.Resumes is { } resumed)
        {
            if (!_resumes.TryGetValue(resumed, out var resumers))
                _resumes[resumed] = resumers = [];
            resumers.Add(run);
        }
        if (run is { MayHaveChanged: true, Start.Undoes: null })
            _changed.Add(run);
    }

    /// <summary>The run that took this one back, alone or with the run that had finished it; null = none did.</summary>
    public RunRecord? UndoOf(string runId) => _undoes.GetValueOrDefault(runId)
        ?? ResumersOf(runId).Select(r => UndoOf(r.RunId)).FirstOrDefault(u => u is not null);

    /// <summary>The newest run that went on with this one and ended, so that there is nothing more to resume; null = none did.</summary>
    public RunRecord? ResumeOf(string runId) =>
        ResumersOf(runId).Select(r => r.Complete ? r : ResumeOf(r.RunId)).FirstOrDefault(r => r is not null);

    /// <summary>
    /// Runs that changed the cluster after this one and were not taken back, newest first: what it was about to do, and what would take it
    /// back, fits a world that is gone.
    /// </summary>
    public IEnumerable<RunRecord> LaterThan(RunRecord run) => _changed.Where(r =>
        r.Start.Cluster == run.Start.Cluster && IsOlder(run.RunId, r) && UndoOf(r.RunId) is null);

    private IEnumerable<RunRecord> ResumersOf(string runId) =>
        _resumes.TryGetValue(runId, out var resumers) ? resumers.Where(r => IsOlder(runId, r)) : [];

    /// <summary>Names sort by time; where they go round in a circle it is no journal of ours, and must not be walked for ever.</summary>
    private static bool IsOlder(string runId, RunRecord than) => string.CompareOrdinal(runId, than.RunId) < 0;
}
