using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis;

/// <summary>Of several nodes that carry one VIP, the one that keeps it.</summary>
/// <param name="Node">Null = it cannot be told.</param>
/// <param name="Why">What decided, or what did not.</param>
internal sealed record RightfulHolder(Node? Node, string Why)
{
    /// <param name="holders">Nodes that carry it, by their own kernels.</param>
    /// <param name="lastMadeHolder">Whom the last run here made the holder; null = no run tells.</param>
    public static RightfulHolder Of(Situation situation, VirtualIp vip, IReadOnlyList<Node> holders, string? lastMadeHolder)
    {
        var usable = holders.Where(h => situation.Of(h) is { } seen && Usable(seen, vip)).ToList();
        // What was decided last counts most: whoever came back since then came back with an old address.
        if (usable.FirstOrDefault(h => h.Name == lastMadeHolder) is { } made)
            return new(made, "the last run made it the holder");
        if (usable is [var only])
            return new(only, "it is the only one that serves");
        if (usable.Count == 0)
            return new(null, "none of them serves");
        // Clients go where the wire points.
        if (situation.Of(vip) is { AnsweredBy: { } answers } && usable.FirstOrDefault(h => h.Name == answers) is { } heard)
            return new(heard, "it alone answers on the wire");
        if (Elected(situation, vip, usable) is { } elected)
            return new(elected, "both keepalived are master, and its priority is the higher one");
        return new(null, "both serve, and no run of lbctl on this machine tells which one was meant");
    }

    /// <summary>They do not hear each other; if they did, this one would have won.</summary>
    private static Node? Elected(Situation situation, VirtualIp vip, List<Node> holders)
    {
        var masters = holders.Select(h => (Node: h, Instance: situation.Of(h)?.Keepalived?.InstanceOf(vip)))
            .Where(m => m.Instance is { State: VrrpState.Master }).OrderByDescending(m => m.Instance!.Priority).ToList();
        return masters.Count == holders.Count && masters[0].Instance!.Priority > masters[1].Instance!.Priority ? masters[0].Node : null;
    }

    private static bool Usable(NodeObservation seen, VirtualIp vip) =>
        Situation.Serves(seen) && !seen.Addresses.Any(a => a.DadFailed && a.Address == vip.Address.ToString());
}
