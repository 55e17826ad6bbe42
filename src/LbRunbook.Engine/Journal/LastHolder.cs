using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Journal;

/// <summary>
/// Whom the runs on this machine made the holder. Another machine's runs are not known here, so this is a witness and no proof.
/// </summary>
public sealed record LastHolder(string Node, string From, RunRecord By)
{
    /// <param name="newest">Runs of one cluster, newest first.</param>
    /// <returns>Null when no run tells, or the last one did not get through: then nobody can say how far it came.</returns>
    public static LastHolder? Of(IEnumerable<RunRecord> newest)
    {
        // Gone through twice where it must be, and no farther than the answer: a thousand runs are not read for the last one.
        foreach (var run in newest.Where(r => r.MayHaveChanged))
        {
            var subjects = run.Start.Subjects;
            // A sweep moves nothing: it keeps what an earlier run had decided.
            if (subjects.ContainsKey("sweep"))
                continue;
            if (!run.Complete)
                return null;
            // An undo that leaves an address where it was says so itself.
            if (run.Start.Undoes is { } undone && subjects.Count == 0)
                subjects = Reversed(newest.FirstOrDefault(r => r.RunId == undone)?.Start.Subjects);
            return subjects.TryGetValue("to", out var to) && subjects.TryGetValue("from", out var from) ? new(to, from, run) : null;
        }
        return null;
    }

    private static Dictionary<string, string> Reversed(IReadOnlyDictionary<string, string>? subjects) =>
        subjects is not null && subjects.TryGetValue("from", out var from) && subjects.TryGetValue("to", out var to)
            ? new() { ["from"] = to, ["to"] = from }
            : [];
}
