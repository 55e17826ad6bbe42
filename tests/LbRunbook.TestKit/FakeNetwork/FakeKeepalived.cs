using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>
/// keepalived on the nodes that have a <see cref="FakeNode.Keepalived"/>: elects at once after every change, by the rules of the real one.
/// </summary>
internal sealed class FakeKeepalived(FakeFleet fleet) : IKeepalived
{
    /// <summary>VRRP is cut between the nodes: nobody hears anybody, and each of them is master.</summary>
    public bool IsCut { get; set; }

    public Task<KeepalivedState?> ReadAsync(Node node, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vrrp.read", node, null, Seen, null, cancellation);

    public Task SetAsync(Node node, IReadOnlyList<VrrpSetting> settings, CancellationToken cancellation) =>
        fleet.OnNodeAsync("vrrp.set", node,
            string.Join(' ', settings
                .Select(s => $"{s.Instance}={s.Priority?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "own"}"
                    + $"{(s.Eager ? "!" : "")}")), n =>
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

    public Task StopAsync(Node node, bool kill, CancellationToken cancellation) =>
        fleet.OnNodeAsync(kill ? "vrrp.kill" : "vrrp.stop", node, null, n =>
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
            ? i with
            {
                Holds = holds,
                State = !state.Runs ? VrrpState.Stopped : state.Frozen ? VrrpState.Frozen : holds ? VrrpState.Master : VrrpState.Backup,
            }
            : i)],
    };

    /// <summary>
    /// A living master stays unless a better one preempts it; a frozen one says nothing and keeps its addresses. Whoever is master of an
    /// instance has all of its addresses, and a backup none.
    /// </summary>
    public void Elect()
    {
        var living = fleet.Nodes.Where(n => n is { OnWire: true, Keepalived: { Runs: true, Frozen: false } }).ToList();
        foreach (var routerId in living.SelectMany(n => n.Keepalived!.Instances).Select(i => i.RouterId).Distinct())
        {
            var rivals = living.Select(n => (Node: n, Instance: n.Keepalived!.Instances.FirstOrDefault(i => i.RouterId == routerId)!))
                .Where(r => r.Instance is not null)
                .OrderByDescending(r => Effective(r.Instance)).ToList();
            var master = rivals.FirstOrDefault(r => Carried(r.Instance).Any(r.Node.Holds));
            var winner = master.Node is null
                ? rivals[0]
                : rivals.FirstOrDefault(r => Effective(r.Instance) > Effective(master.Instance) && r.Instance.Preempts);
            var holder = winner.Node is null ? master : winner;
            foreach (var (node, instance) in rivals)
                foreach (var vip in Carried(instance))
                    Hold(node, vip, IsCut || node == holder.Node);
        }
    }

    private IEnumerable<VirtualIp> Carried(VrrpInstance instance) => fleet.Fleet.Vips.Where(v => instance.Carries(v.Address));

    /// <summary>Scripts and the like, which nobody but keepalived knows, change nothing here.</summary>
    private static int Effective(VrrpInstance instance) => (instance with { HasOtherTracking = false }).EffectivePriority!.Value;

    private void Hold(FakeNode node, VirtualIp vip, bool wanted)
    {
        if (wanted && !node.Holds(vip))
            node.Give(vip);
        if (!wanted)
            node.Addresses.RemoveAll(a => FakeFleet.Same(a.Address, vip.Address));
        else if (!IsCut)
            fleet.ClientNeighbours[vip.Address] = node.Mac;
    }

    private static void Change(FakeNode node, Func<VrrpInstance, bool> which, Func<VrrpInstance, VrrpInstance> change) =>
        node.Keepalived = node.Keepalived! with { Instances = [.. node.Keepalived.Instances.Select(i => which(i) ? change(i) : i)] };
}
