using System.Net;
using LbRunbook.Core.Model;

namespace LbRunbook.Core.Ports;

/// <summary>
/// Second-chance hand-over: while a virtual IP moves, the new node passes on the packets of connections that are not its own to the
/// old node, which keeps the address silently on <c>lo</c> for them. Each node has a timer that ends its part by itself.
/// </summary>
public interface IHandOver
{
    /// <summary>What the node could do, in one trip and without changing anything.</summary>
    Task<HandOverAbility> LookAsync(Node node, IReadOnlyList<HandOverVip> vips, CancellationToken cancellation);

    /// <summary>What of this part is not in place (rules, an address on lo, the timer); empty = all of it is.</summary>
    Task<IReadOnlyList<string>> MissingAsync(HandOverPart part, CancellationToken cancellation);

    /// <summary>Idempotent. The timer is armed before anything else is changed.</summary>
    Task PrepareAsync(HandOverPart part, CancellationToken cancellation);

    /// <summary>What is still there of the hand-over on that node; empty = nothing.</summary>
    Task<IReadOnlyList<string>> LeftAsync(Node node, string id, CancellationToken cancellation);

    /// <summary>Idempotent: takes rules, address, sysctls and close map entry back, and then the timer.</summary>
    Task EndAsync(Node node, string id, CancellationToken cancellation);
}

public enum HandOverRole
{
    /// <summary>The new node: passes on what is not its own.</summary>
    Guard,

    /// <summary>The old node: keeps the address on lo, silent in ARP.</summary>
    Keep,
}

/// <param name="Other">The other node's own address on the same segment.</param>
public sealed record HandOverVip(VirtualIp Vip, IPAddress Other);

public sealed record HandOverPart
{
    public required Node Node { get; init; }
    public required HandOverRole Role { get; init; }

    /// <summary>Names every object that is made.</summary>
    public required string Id { get; init; }
    public required IReadOnlyList<HandOverVip> Vips { get; init; }

    /// <summary>"nft" or "iptables"; for a guard.</summary>
    public string Tool { get; init; } = "";

    /// <summary>When the node ends it by itself.</summary>
    public required TimeSpan EndsAfter { get; init; }

    /// <summary>HAProxy's close map, which the end of a keep empties as well; null = none.</summary>
    public string? CloseMap { get; init; }

    /// <summary>One line for whoever finds it: "guard lb1 public,public6".</summary>
    public string About { get; init; } = "";
}

/// <param name="IsRoot">The login may do it.</param>
/// <param name="HasTimer">systemd-run works there.</param>
/// <param name="Tools">"nft", "iptables": what the kernel accepted the very rules from, best first.</param>
/// <param name="Lacking">Tool → why not.</param>
/// <param name="Neighbours">Address of the other node → its MAC as this node resolves it; "none", or a sentence when there is a router
/// between.</param>
public sealed record HandOverAbility(
    bool IsRoot,
    bool HasTimer,
    IReadOnlyList<string> Tools,
    IReadOnlyDictionary<string, string> Lacking,
    IReadOnlyDictionary<string, string> Neighbours);
