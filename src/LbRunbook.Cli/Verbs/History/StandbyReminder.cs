using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Cli.Verbs.History;

/// <summary>
/// Nothing moves back by itself: while a lower-priority node holds the addresses, history says so, and what moves them back.
/// </summary>
/// <param name="Text">Where the cluster runs, since which run.</param>
internal sealed record StandbyReminder(string Text, string Next)
{
    /// <param name="newest">Its runs, newest first.</param>
    public static StandbyReminder? Of(Fleet fleet, IEnumerable<RunRecord> newest)
    {
        if (LastHolder.Of(newest) is not { } last || fleet.Nodes.FirstOrDefault(n => n.Name == last.Node) is not { } holder)
            return null;
        var best = fleet.Nodes.MaxBy(n => n.Priority)!;
        return best.Priority <= holder.Priority ? null : new(
            $"{fleet.Cluster} runs on its standby {holder.Name} (priority {holder.Priority}) since run {last.By.RunId}; {best.Name} "
                + $"(priority {best.Priority}) does not take over by itself",
            $"lbctl failover {holder.Name} {best.Name}");
    }
}
