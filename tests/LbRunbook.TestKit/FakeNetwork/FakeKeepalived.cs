using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>keepalived on the nodes that have a <see cref="FakeNode.Keepalived"/>: elects at once after every change, by the rules of the real one.</summary>
internal sealed class FakeKeepalived(FakeFleet fleet) : IKeepalived
{
    public Task<KeepalivedState?> ReadAsync(Node node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vrrp.read", node, null, Seen, null, cancellation);

    public Task SetAsync(Node node, IReadOnlyList<VrrpSetting> settings, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vrrp.set", node, string.Join(' ', settings.Select(s => $"{s.Instance}={s.Priority?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "own"}{(s.Eager ? "!" : "")}")), n =>
        {
            foreach (var setting in settings)
                Change(n, i => i.Name == setting.Instance, i => i with
                {
                    Priority = setting.Priority ?? i.OriginalPriority ?? i.Priority,
                    OriginalPriority = setting.Priority is null ? null : i.OriginalPriority ?? i.Priority,
                    Eager = setting.Eager,
                });
            Elect();
            return true;
        }, true, cancellation);

    public Task SetTrackFileAsync(Node node, string path, int value, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vrrp.track", node, $"{path}={value}", n =>
        {
            Change(n, _ => true, i => i with { TrackFiles = [.. i.TrackFiles.Select(t => t.Path == path ? t with { Value = value } : t)] });
            Elect();
            return true;
        }, true, cancellation);

    public Task StartAsync(Node node, CancellationToken cancellation) => fleet.OnNodeAsync("vrrp.start", node, null, n =>
    {
        n.Keepalived = n.Keepalived! with { Runs = true, Frozen = false };
        Elect();
        return true;
    }, true, cancellation);

    public Task StopAsync(Node node, bool kill, CancellationToken cancellation) => fleet.OnNodeAsync(kill ? "vrrp.kill" : "vrrp.stop", node, null, n =>
    {
        n.Keepalived = n.Keepalived! with { Runs = false, Frozen = false };
        if (!kill)
            foreach (var vip in fleet.Fleet.Vips.Where(v => n.Keepalived.InstanceOf(v) is not null))
                n.Addresses.RemoveAll(a => FakeFleet.Same(a.Address, vip.Address));
        Elect();
        return true;
    }, true, cancellation);

    /// <summary>What the node would say of itself now.</summary>
    public KeepalivedState? Seen(FakeNode node) => node.Keepalived is not { } state ? null : state with
    {
        Instances = [.. state.Instances.Select(i => fleet.Fleet.Vips.Any(v => i.Carries(v.Address) && node.Holds(v)) is var holds
            ? i with { Holds = holds, State = !state.Runs ? VrrpState.Stopped : state.Frozen ? VrrpState.Frozen : holds ? VrrpState.Master : VrrpState.Backup }
            : i)],
    };

    /// <summary>A living master stays unless a better one preempts it; a frozen one says nothing and keeps its addresses.</summary>
    public void Elect()
    {
        foreach (var vip in fleet.Fleet.Vips)
        {
            var rivals = fleet.Nodes.Where(n => n.OnWire && n.Keepalived is { Runs: true, Frozen: false } k && k.InstanceOf(vip) is not null)
                .Select(n => (Node: n, Instance: n.Keepalived!.InstanceOf(vip)!)).OrderByDescending(r => r.Instance.EffectivePriority ?? r.Instance.Priority).ToList();
            var master = rivals.FirstOrDefault(r => r.Node.Holds(vip));
            var winner = master.Node is null ? rivals.FirstOrDefault()
                : rivals.FirstOrDefault(r => (r.Instance.EffectivePriority ?? r.Instance.Priority) > (master.Instance.EffectivePriority ?? master.Instance.Priority)
                    && (!r.Instance.NoPreempt || r.Instance.Eager));
            if ((winner.Node ?? master.Node) is not { } holder)
                continue;
            foreach (var (loser, _) in rivals.Where(r => r.Node != holder))
                loser.Addresses.RemoveAll(a => FakeFleet.Same(a.Address, vip.Address));
            if (!holder.Holds(vip))
                holder.Give(vip);
            fleet.ClientNeighbours[vip.Address] = holder.Mac;
        }
    }

    private static void Change(FakeNode node, Func<VrrpInstance, bool> which, Func<VrrpInstance, VrrpInstance> change) =>
        node.Keepalived = node.Keepalived! with { Instances = [.. node.Keepalived.Instances.Select(i => which(i) ? change(i) : i)] };
}
