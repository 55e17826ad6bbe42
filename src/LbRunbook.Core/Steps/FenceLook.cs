using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

internal enum FenceVerdict
{
    /// <summary>Heard by nobody, asked from enough places; or alive, and its own kernel says that it holds none of the addresses.</summary>
    Silent,
    Alive,

    /// <summary>Too few could ask: nothing would show whether it worked.</summary>
    NotConfirmable,
}

/// <summary>Whether a node that is fenced is still on the wire: with the virtual IPs, or with its own address.</summary>
internal sealed record FenceLook(FenceVerdict Verdict, string Detail)
{
    public static async Task<FenceLook> TakeAsync(StepContext context, Node node, CancellationToken cancellation)
    {
        var fleet = context.Fleet;
        var others = OthersMacsAsync(context, node, cancellation);
        var self = AskAsync(context, node, node.Host, node.Interface, cancellation);
        var heard = await Task.WhenAll(fleet.Vips.Select(async v =>
            (v.Address, Answers: await AskAsync(context, node, $"{v.Address}", v.Interface, cancellation))));
        var known = await others;
        var own = await self;
        foreach (var (address, answers) in heard)
        {
            if (answers.SelectMany(a => a.Macs).FirstOrDefault(m => !known.Contains(m)) is { } mac)
                return new(FenceVerdict.Alive,
                    $"{mac} still answers for {address}, heard from {From(answers.Where(a => a.Macs.Contains(mac)))}");
            if (answers.Count < FenceNodeStep.Vantages)
                return TooFew(answers);
        }

        if (own.Count >= FenceNodeStep.Vantages && own.All(a => a.Macs.Count == 0))
            return new(FenceVerdict.Silent,
                $"{node.Name} is silent "
                    + $"({string.Join(", ", fleet.Vips.Select(v => $"{v.Address}").Append(node.Host))}), asked from {From(own)}");
        foreach (var over in node.Fence.OfType<AddressFence>())
            if (await context.Ports.Fencing.GaveUpAsync(node, over, fleet.Vips, cancellation))
                return new(FenceVerdict.Silent,
                    $"{node.Name} lives and holds no virtual IP any more (asked over {over.Address}); nobody else answers for it, asked "
                        + $"from {From(heard.SelectMany(h => h.Answers))}");
        return own.Count < FenceNodeStep.Vantages
            ? TooFew(own)
            : new(FenceVerdict.Alive,
                $"{node.Name} itself still answers at {node.Host}, heard from {From(own.Where(a => a.Macs.Count > 0))}");
    }

    private static Task<IReadOnlyList<WireAnswer>> AskAsync(
        StepContext context, Node node, string host, string? interfaceName, CancellationToken cancellation) =>
        context.Ports.Wire.AskEveryoneAsync(new(host, interfaceName, [node.Name]) { ForTheRest = TimeSpan.FromMilliseconds(150) },
            FenceNodeStep.Vantages, cancellation);

    private static FenceLook TooFew(IReadOnlyList<WireAnswer> answers) => new(FenceVerdict.NotConfirmable,
        $"only {(answers.Count == 0 ? "nobody" : From(answers))} could ask the wire, and a fence counts when {FenceNodeStep.Vantages} "
            + "places hear silence: add a host of that network under witnesses");

    /// <summary>Another node that we can ask may rightly hold one of the addresses (after the move, or a third one).</summary>
    private static async Task<HashSet<string>> OthersMacsAsync(StepContext context, Node node, CancellationToken cancellation)
    {
        var macs = await Task.WhenAll(context.Fleet.Nodes.Where(n => n.Name != node.Name).Select(async other =>
        {
            try
            {
                return await context.Ports.VirtualIps.MacAsync(other, other.Interface, cancellation);
            }
            catch (AdapterException)
            {
                return null;
            }
        }));
        return [.. macs.OfType<string>()];
    }

    private static string From(IEnumerable<WireAnswer> answers) => string.Join(" and ", answers.Select(a => a.Vantage).Distinct());
}
