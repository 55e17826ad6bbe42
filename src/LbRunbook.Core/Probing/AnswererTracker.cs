namespace LbRunbook.Core.Probing;

/// <summary>Who answered when: first and last seen, and each point where the answerer changed.</summary>
internal sealed class AnswererTracker
{
    /// <summary>Behind a balancer that alternates, every request is a change: they are all counted, the first are kept.</summary>
    public const int ChangesKept = 50;

    /// <summary>A server that answers with something new each time must not fill the memory.</summary>
    private const int AnswerersKept = 200;
    private readonly Dictionary<string, (long Count, TimeSpan First, TimeSpan Last)> _seen = new(StringComparer.Ordinal);
    private readonly List<(TimeSpan At, string From, string To)> _changes = [];
    private string? _current;

    public long ChangeCount { get; private set; }
    public IReadOnlyList<(TimeSpan At, string From, string To)> Changes => _changes;
    public IReadOnlyList<(string Name, long Count, TimeSpan First, TimeSpan Last)> Answerers =>
        [.. _seen.Select(s => (s.Key, s.Value.Count, s.Value.First, s.Value.Last)).OrderBy(s => s.First)];

    /// <summary>Samples in the order of their schedule.</summary>
    public void Add(in ProbeSample sample)
    {
        if (sample.Who is not { } who)
            return;
        if (!_seen.ContainsKey(who) && _seen.Count >= AnswerersKept)
            who = "(further)";
        var known = _seen.TryGetValue(who, out var seen) ? seen : (0, sample.Scheduled, sample.Scheduled);
        _seen[who] = (known.Count + 1, known.First, sample.Scheduled);
        if (_current is not null && _current != who)
        {
            ChangeCount++;
            if (_changes.Count < ChangesKept)
                _changes.Add((sample.Scheduled, _current, who));
        }
        _current = who;
    }
}
