using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// The old node keeps the address on lo for the connections that it has, silent in ARP; it may then lose it on its interface.
/// </summary>
/// <param name="Id">Names folder and timer.</param>
/// <param name="Vips">VIP names, separated by commas.</param>
/// <param name="CloseMap">HAProxy's close map, emptied at the end whoever ends it; null = none.</param>
/// <param name="Seconds">When the node ends it by itself.</param>
[StepKind("keeps an address silently on lo for the connections that are open")]
public sealed record HandOverKeepStep(string Node, string To, string Id, string Vips, string? CloseMap, int Seconds)
    : HandOverPartStep(Node, Id, Vips, Seconds)
{
    public override string Describe() => $"keep {Names} on {Node} for its open connections, silently (on lo)";

    protected override string Ready => $"{Node} keeps {Names} on lo";

    private string Names => Vips.Replace(",", ", ", StringComparison.Ordinal);

    /// <summary>An address that has left with its connections is not brought back for them.</summary>
    protected override string? TooLate(string vip, bool held) => held ? null : $"{Node} does not hold {vip} any more: nothing to keep";

    protected override HandOverPart Part(StepContext context) => new()
    {
        Node = context.Fleet.Node(Node),
        Role = HandOverRole.Keep,
        Id = Id,
        Vips = [.. Vips.Split(',').Select(vip => new HandOverVip(context.Fleet.Vip(vip), context.Fleet.Vip(vip).Address))],
        EndsAfter = TimeSpan.FromSeconds(Seconds),
        CloseMap = CloseMap,
        About = $"keep {Node} {To} {Vips}",
    };
}
