using System.Net;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>The new node passes on to the old one what belongs to its connections. Set before the address arrives, never after.</summary>
/// <param name="Id">Names rules, folder and timer.</param>
/// <param name="Vips">VIP names, separated by commas: one value, so that two equal steps are equal.</param>
/// <param name="Via">The old node's own addresses, in the same order.</param>
/// <param name="Tool">"nft" or "iptables".</param>
/// <param name="Seconds">When the node ends it by itself.</param>
[StepKind("lets the new node pass on packets of the old node's connections")]
public sealed record HandOverGuardStep(string Node, string From, string Id, string Vips, string Via, string Tool, int Seconds)
    : HandOverPartStep(Node, Id, Vips, Seconds)
{
    public override string Describe() => $"let {Node} pass packets of {From}'s connections on to it ({Tool})";

    protected override string Ready => $"{Node} passes them on to {From}";

    /// <summary>
    /// The rules learn who belongs here from the first packet on: set later they would take connections away from this node.
    /// </summary>
    protected override string? TooLate(string vip, bool held) =>
        held ? $"{Node} holds {vip} already: too late to hand it over, and no need" : null;

    protected override HandOverPart Part(StepContext context) => new()
    {
        Node = context.Fleet.Node(Node),
        Role = HandOverRole.Guard,
        Id = Id,
        Vips = [.. Vips.Split(',').Zip(Via.Split(','), (vip, via) => new HandOverVip(context.Fleet.Vip(vip), IPAddress.Parse(via)))],
        Tool = Tool,
        EndsAfter = TimeSpan.FromSeconds(Seconds),
        About = $"guard {From} {Node} {Vips}",
    };
}
