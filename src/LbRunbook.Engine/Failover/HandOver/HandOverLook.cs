using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Failover.HandOver;

/// <summary>Asks both nodes what a hand-over needs, one trip each, and says in one sentence what is missing.</summary>
internal sealed class HandOverLook(Fleet fleet, IPorts ports, FailoverRequest request)
{
    /// <returns>Null = the question does not arise: not wanted, or no planned move.</returns>
    public async Task<HandOverFacts?> AskAsync(Observation seen, CancellationToken cancellation)
    {
        var now = new FailoverSituation(fleet, new() { Observation = seen }, request);
        if (request.HandOver == HandOverWish.Off || now.Mode != FailoverMode.Planned || request.From.Name == request.To.Name
            || !now.To.Reachable)
            return null;
        (Node Node, NodeObservation Seen) from = (request.From, now.From), to = (request.To, now.To);
        var held = fleet.Vips.Where(v => seen.HoldersOf(v) is [var holder] && holder == from.Node.Name).ToList();
        if (held.Count == 0)
            return null;
        // A keepalived that hears nobody holds on to its address until it is taken away by force: no orderly end of what is open.
        if (held.Find(now.Keepalived.Owns) is { } owned && now.Keepalived.From is not { Runs: true, Frozen: false })
            return HandOverFacts.Not($"keepalived carries {owned.Name}, and "
                + $"{(now.Keepalived.FromRuns ? "is frozen" : "does not run")} on {from.Node.Name}");
        if (new[] { from, to }.FirstOrDefault(n => n.Node.Ssh.Sudo) is { Node: { } sudo })
            return HandOverFacts.Not($"{sudo.Name} is reached with sudo, and no narrow sudo rule can allow packet rules and a root timer");
        var here = new List<HandOverVip>();
        var there = new List<HandOverVip>();
        foreach (var vip in held)
        {
            if (HandOverSegment.AddressOf(fleet, vip, from, to) is not { } via
                || HandOverSegment.AddressOf(fleet, vip, to, from) is not { } back)
                return HandOverFacts.Not($"{from.Node.Name} and {to.Node.Name} have no addresses in one subnet beside {vip.Name} "
                    + $"({vip.Address}): they do not share a network segment");
            here.Add(new(vip, via));
            there.Add(new(vip, back));
        }
        try
        {
            var toCan = ports.HandOver.LookAsync(to.Node, here, cancellation);
            var fromCan = ports.HandOver.LookAsync(from.Node, there, cancellation);
            var closing = ports.Balancer(from.Node.Name).Closing.ReadAsync(cancellation);
            await Task.WhenAll(toCan, fromCan, closing);
            if (Judge(from, to, here, await fromCan, await toCan) is { } whyNot)
                return HandOverFacts.Not(whyNot);
            var hasMap = closing.Result.HasMap;
            var renewal = hasMap ? null : await ports.Balancer(from.Node.Name).Closing.LookAtRenewalAsync(cancellation);
            return new() { Tool = toCan.Result.Tools[0], Vips = here, HasCloseMap = hasMap, Renewal = renewal };
        }
        catch (AdapterException e)
        {
            return HandOverFacts.Not(e.Message);
        }
    }

    private static string? Judge((Node Node, NodeObservation Seen) from, (Node Node, NodeObservation Seen) to, List<HandOverVip> vips,
        HandOverAbility fromCan, HandOverAbility toCan)
    {
        foreach (var (name, can) in new[] { (from.Node.Name, fromCan), (to.Node.Name, toCan) })
        {
            if (!can.IsRoot)
                return $"the login on {name} is not root";
            if (!can.HasTimer)
                return $"{name} has no systemd-run for the timer that would end it there if lbctl could not";
        }
        if (toCan.Tools.Count == 0)
            return $"{to.Node.Name} can pass no packets on: {string.Join("; ", toCan.Lacking.Select(l => $"{l.Key}: {l.Value}"))}";
        return vips.Select(v =>
            HandOverSegment.WhyApart(toCan, v.Other, to.Node.Name, from.Node.Name,
                from.Seen.Macs.GetValueOrDefault(v.Vip.InterfaceOn(from.Node))))
            .FirstOrDefault(why => why is not null);
    }
}
