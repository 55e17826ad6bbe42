using LbRunbook.Core.Plans;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>Takes a run back and compares, with the few differences that are right.</summary>
internal sealed class Verdict(FakeFleet world, Snapshot before, RecordedRun run)
{
    public void Check()
    {
        var ran = Snapshot.Of(world);
        if (!run.Past.MayHaveChanged)
        {
            Same(ran, "a run that says that it changed nothing", holdersThen: ran);
            return;
        }
        var (plan, undo) = run.Undo();
        var after = Snapshot.Of(world);
        var story = $"after the undo ({undo.Outcome!.Result}: {undo.Outcome.Message})\n{Tell(plan)}";
        if (MayRefuse(undo))
        {
            foreach (var (vip, holders) in after.Holders)
                Assert.True(holders.Count <= Math.Max(1, ran.Holders[vip].Count) && (holders.Count > 0 || ran.Holders[vip].Count == 0),
                    $"{vip} is on {string.Join(" and ", holders)} {story}");
            return;
        }
        // What was twice all the time is not called well.
        Assert.True(undo.Complete || after.Holders.Values.Any(h => h.Count > 1), story);
        Same(after, story, ran);
    }

    /// <summary>An undo must not bring traffic to where nobody serves it, nor take the last server from a pool.</summary>
    private bool MayRefuse(RunRecord undo) =>
        (undo.Outcome!.Message?.Contains("is the last server in rotation", StringComparison.Ordinal) == true) || !undo.Complete
            && world.Nodes.Any(n => !n.Serves || n.Keepalived is { Frozen: true });

    private void Same(Snapshot after, string story, Snapshot holdersThen)
    {
        foreach (var (vip, had) in before.Holders)
        {
            var has = after.Holders[vip];
            var right = had.Count switch
            {
                1 => has.SequenceEqual(had) || (has.Count == 1 && IsLeftover(had, has)),
                // Nobody wants it back to where nobody had it.
                0 => has.Count <= 1,
                _ => has.Count > 0 && has.All(had.Contains) && has.Count <= holdersThen.Holders[vip].Count,
            };
            Assert.True(right, $"{vip} was on [{string.Join(", ", had)}] and is on [{string.Join(", ", has)}] {story}");
        }
        var wrong = before.Differences(after).Where(d => !IsRight(d, after))
            .Select(d => $"{d.Node} {d.What}: {d.Before} -> {d.After}").ToList();
        Assert.True(wrong.Count == 0, $"{string.Join("; ", wrong)} {story}");
    }

    /// <summary>
    /// A keepalived stood still beside its own addresses, here and there: once one was started it has all of them or none, and is not
    /// stopped again where another one would be left nowhere.
    /// </summary>
    private bool IsLeftover(IReadOnlyList<string> had, IReadOnlyList<string> has) =>
        before.Holders.Values.Any(h => !h.SequenceEqual(had)) && had.Concat(has).Any(n => before.Values[(n, "keepalived")] == "stopped");

    private bool IsRight((string Node, string What, string Before, string After) difference, Snapshot after) => difference.What switch
    {
        // A frozen one is nobody's wish; a started one stays where nobody else would have its addresses.
        "keepalived" => difference.Before == "frozen"
            // Stopped, it ended a duplicate.
            || (difference.After == "stopped" && before.Holders.Values.Any(h => h.Count > 1 && h.Contains(difference.Node)))
            || (difference is { Before: "stopped", After: "runs" }
                && Held(after, difference.Node).Any(v =>
                    !world.Nodes.Any(n => n.Name != difference.Node && (n.Holds(v) || Snapshot.WouldTakeOver(n, v))))),
        "proxy" => difference.Before.StartsWith("stopped", StringComparison.Ordinal)
            && difference.After.StartsWith("active", StringComparison.Ordinal) && Held(after, difference.Node).Any(),
        _ => false,
    };

    private IEnumerable<LbRunbook.Core.Model.VirtualIp> Held(Snapshot after, string node) =>
        world.Fleet.Vips.Where(v => after.Holders[v.Name].Contains(node));

    private string Tell(Plan undo) => string.Join('\n', [
        $"before: {string.Join("; ", before.Holders.Select(h => $"{h.Key} on [{string.Join(", ", h.Value)}]"))}; "
            + $"{string.Join("; ", before.Values.Select(v => $"{v.Key.Node} {v.Key.What}: {v.Value}"))}",
        .. run.Chain.SelectMany(r => new[] { $"{r.Start.Verb}: {r.Start.Title} -> {r.State} {r.Outcome?.Result} {r.Outcome?.Message}" }
            .Concat(r.Start.Plan.Select((s, i) =>
                $"  {i} {s.Describe()}: {r.Finished.LastOrDefault(f => f.Index == i)?.Status} "
                    + $"{r.Finished.LastOrDefault(f => f.Index == i)?.Detail}"))),
        $"undo: {undo.Title}", .. undo.Steps.Select(s => $"  {s.Step.Describe()}")]);
}
