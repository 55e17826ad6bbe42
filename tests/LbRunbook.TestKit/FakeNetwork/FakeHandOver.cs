using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>Hand-overs of the fake network: what was prepared on a node, and the silent address that comes with it.</summary>
internal sealed class FakeHandOver(FakeFleet fleet) : IHandOver
{
    /// <summary>What every node says that it can; a test may take something away.</summary>
    public HandOverAbility Ability { get; set; } = new(true, true, ["nft", "iptables"], new Dictionary<string, string>(),
        new Dictionary<string, string>());

    public Task<HandOverAbility> LookAsync(Node node, IReadOnlyList<HandOverVip> vips, CancellationToken cancellation) =>
        fleet.OnNodeAsync("handover.look", node, null, _ => Ability with
        {
            Neighbours = vips.DistinctBy(v => v.Other)
                .ToDictionary(v => v.Other.ToString(),
                    v => fleet.Nodes.FirstOrDefault(n => n.Addresses.Any(a => FakeFleet.Same(a.Address, v.Other)))?.Mac ?? "none"),
        }, Ability, cancellation);

    public Task<IReadOnlyList<string>> MissingAsync(HandOverPart part, CancellationToken cancellation) =>
        fleet.OnNodeAsync<IReadOnlyList<string>>("handover.missing", part.Node, part.Id,
            n => n.HandOvers.ContainsKey(part.Id) ? [] : ["timer", "rules"], [], cancellation);

    public Task PrepareAsync(HandOverPart part, CancellationToken cancellation) =>
        fleet.OnNodeAsync("handover.prepare", part.Node, part.Id, n =>
        {
            n.HandOvers[part.Id] = part;
            if (part.Role == HandOverRole.Keep)
                foreach (var (vip, _) in part.Vips.Where(v => !n.Addresses.Any(a => a.Silent && FakeFleet.Same(a.Address, v.Vip.Address))))
                    n.Addresses.Add(new("lo", vip.Address.ToString(), vip.IsIPv6 ? 128 : 32));
            return true;
        }, true, cancellation);

    public Task<IReadOnlyList<string>> LeftAsync(Node node, string id, CancellationToken cancellation) =>
        fleet.OnNodeAsync<IReadOnlyList<string>>("handover.left", node, id, n => n.HandOvers.ContainsKey(id) ? ["timer"] : [], [],
            cancellation);

    public Task EndAsync(Node node, string id, CancellationToken cancellation) =>
        fleet.OnNodeAsync("handover.end", node, id, n =>
        {
            if (n.HandOvers.Remove(id, out var part) && part.Role == HandOverRole.Keep)
            {
                n.Addresses.RemoveAll(a => a.Silent && part.Vips.Any(v => FakeFleet.Same(a.Address, v.Vip.Address)));
                n.Closing = false;
            }
            return true;
        }, true, cancellation);
}
