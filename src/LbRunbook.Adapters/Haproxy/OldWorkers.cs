using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Where no master tells of the workers of earlier configurations, the list of processes tells whether there are any.</summary>
internal static class OldWorkers
{
    /// <param name="answering">The pid that the admin socket told; null = not known.</param>
    public static MasterView Seen(Node node, MasterView master, HaproxyProcesses seen, int? answering)
    {
        if (!master.Blind)
            return master;
        var process = HaproxyFinder.Of(node, seen, answering);
        // Whoever does not find the one that answers does not see the others either.
        if (!seen.Whole || process is null || answering is not { } pid || (process.Pid != pid && !process.Workers.Contains(pid)))
            return master with { Notes = [.. master.Notes, master.Uncounted!] };
        // Without a master the old ones are processes of their own, started with the same files.
        var others = process.Workers.Where(w => w != pid)
            .Concat(seen.All.Where(p => p.Here && p.Pid != process.Pid && p.Words.Config.Intersect(process.Words.Config).Any())
                .SelectMany(p => (int[])[.. p.Workers, .. p.Workers.Count == 0 ? [p.Pid] : (int[])[]]))
            .Order().ToList();
        if (others.Count == 0)
            return master with { Uncounted = null };
        var why = $"the sessions of workers of earlier configurations (pid {string.Join(", ", others)}) are not known: {master.Uncounted}";
        return master with { OldWorkers = others, Notes = [.. master.Notes, why], Uncounted = why };
    }
}
