using LbRunbook.Core.Observations;
using LbRunbook.TestKit.FakeNetwork;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>Everything of a fake fleet that a run may change and an undo has to bring back.</summary>
internal sealed class Snapshot
{
    private Snapshot(FakeFleet world)
    {
        Holders = world.Fleet.Vips.ToDictionary(v => v.Name, v => world.HoldersOf(v.Name));
        foreach (var node in world.Nodes)
        {
            Add(node.Name, "proxy", $"{(node.ServiceActive ? "active" : "stopped")}, enabled: {node.ServiceEnabled}");
            Add(node.Name, "left of hand-overs",
                string.Join(' ', node.HandOvers.Keys.Concat(node.Addresses.Where(a => a.Silent).Select(a => a.Address))));
            Add(node.Name, "closing", $"{node.Closing}");
            Add(node.Name, "keepalived",
                node.Keepalived switch { null => "none", { Frozen: true } => "frozen", { Runs: true } => "runs", _ => "stopped" });
            foreach (var i in node.Keepalived?.Instances ?? [])
                Add(node.Name, $"instance {i.Name}",
                    $"priority {i.Priority}, was {i.OriginalPriority}, eager {i.Eager}, "
                        + $"{string.Join(' ', i.TrackFiles.Select(t => $"{t.Path}={t.Value}"))}");
            foreach (var s in node.Servers)
                Add(node.Name, $"{s.Pool}/{s.Server}", $"{s.Admin}, weight {s.Weight}");
            Add(node.Name, "lines", string.Join(' ', node.Lines));
        }
        foreach (var standby in world.Fleet.Pools.SelectMany(p => p.Emergency))
            Add(standby.Name, "service", world[standby.Name].ServiceActive ? "active" : "stopped");
    }

    /// <summary>VIP → nodes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Holders { get; }

    /// <summary>(node, what) → value.</summary>
    public SortedDictionary<(string Node, string What), string> Values { get; } = [];

    public static Snapshot Of(FakeFleet world) => new(world);

    public static bool WouldTakeOver(FakeNode node, LbRunbook.Core.Model.VirtualIp vip) =>
        node.OnWire && node.Keepalived is { Runs: true, Frozen: false } k && k.InstanceOf(vip) is { State: not VrrpState.Fault };

    /// <summary>All values that are not the same in both.</summary>
    public IEnumerable<(string Node, string What, string Before, string After)> Differences(Snapshot after) =>
        Values.Keys.Union(after.Values.Keys)
            .Select(k => (k.Node, k.What, Values.GetValueOrDefault(k, "not there"), after.Values.GetValueOrDefault(k, "not there")))
            .Where(d => d.Item3 != d.Item4);

    private void Add(string node, string what, string value) => Values[(node, what)] = value;
}
