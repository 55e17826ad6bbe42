using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Engine.Failover;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>Any state in which somebody may type a failover: who holds what, by hand or by keepalived, and what runs where.</summary>
internal static class FailoverStates
{
    public static FailoverLab Of(Choices choices)
    {
        var lab = new FailoverLab(FleetOf(choices));
        var world = lab.World;
        foreach (var vip in lab.Fleet.Vips)
        {
            foreach (var node in world.Nodes)
                node.Addresses.RemoveAll(a => a.Address == $"{vip.Address}");
            // lb1, nobody, lb2, both, all.
            foreach (var node in choices.Of<int[]>([0], [], [1], [0, 1], [.. Enumerable.Range(0, world.Nodes.Count)]))
                world.Nodes[node].Give(vip);
        }
        var proxies = choices.Below(6);
        world["lb2"].ServiceActive = proxies is not (1 or 2);
        world["lb2"].ServiceEnabled = proxies is 2 or 3 ? false : proxies == 4 ? null : true;
        if (choices.OneIn(4))
            Keepalived(world, choices);
        foreach (var vip in lab.Fleet.Vips.Where(v => world.HoldersOf(v.Name).Count > 0))
            world.ClientNeighbours[vip.Address] = world[world.HoldersOf(vip.Name)[0]].Mac;
        switch (choices.Below(8))
        {
            case 1:
                world["lb1"].ServiceActive = false;
                break;
            case 2:
                world["lb1"].ProxyAnswers = false;
                break;
        }
        return lab;
    }

    private static Fleet FleetOf(Choices choices)
    {
        var fleet = SampleFleet.TwoNodes(withIPv6: choices.OneIn(2));
        if (choices.OneIn(3))
            fleet = fleet with
            {
                Vips = [.. fleet.Vips, new VirtualIp { Name = "second", Address = IPAddress.Parse("10.0.0.101"), PrefixLength = 32 }],
            };
        if (choices.OneIn(3))
            fleet = fleet with
            {
                Nodes = [.. fleet.Nodes, new Node { Name = "lb3", Host = "10.0.0.13", Proxy = ProxyKind.Haproxy, Priority = 50 }],
            };
        return fleet;
    }

    /// <summary>
    /// It runs, stands still or is frozen on either node, with any priorities, marks of an earlier run, and ways to hold it back.
    /// </summary>
    private static void Keepalived(FakeFleet world, Choices choices)
    {
        var owned = choices.OneIn(4) ? world.Fleet.Vips.Take(1) : world.Fleet.Vips;
        var single = choices.OneIn(4);
        var (noPreempt, delay, other) = (choices.OneIn(3), choices.OneIn(4) ? 300 : 0, choices.OneIn(6));
        foreach (var (name, usual) in ((string, int)[])[("lb1", 150), ("lb2", 100)])
        {
            var priority = choices.Of(usual, 100, 150, 50, 30);
            var original = choices.OneIn(4) ? choices.Of(200, 120, 90) : (int?)null;
            var track = choices.OneIn(4) && !other
                ? new VrrpTrackFile("/run/drain", choices.Of(2, -3), choices.Of(0, 0, -10, 7), choices.OneIn(2))
                : null;
            var addresses = owned.Select(v => new VrrpAddress($"{v.Address}", v.PrefixLength)).ToList();
            VrrpInstance Instance(string instance, int routerId, IReadOnlyList<VrrpAddress> carried) => new()
            {
                Name = instance, Interface = "eth0", RouterId = routerId, Priority = priority, OriginalPriority = original,
                NoPreempt = noPreempt,
                PreemptDelaySeconds = delay, HasOtherTracking = other, Addresses = carried, TrackFiles = track is null ? [] : [track],
            };
            var how = choices.Below(5);
            world[name].Keepalived = new()
            {
                Runs = how is not 1, Frozen = how == 2 && name == "lb1", MayEdit = true, ConfigPath = "/etc/keepalived/keepalived.conf",
                Instances = single ? [Instance("VI_1", 51, addresses)] : [.. addresses.Select((a, i) => Instance($"VI_{i}", 51 + i, [a]))],
            };
        }
        world.Keepalived.IsCut = choices.OneIn(5);
        // Left behind, or not yet there: what stands as it is when nothing more happens.
        world.Keepalived.Elect();
    }
}
