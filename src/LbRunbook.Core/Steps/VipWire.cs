using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>Who answers for a VIP, as every place hears it that can be asked at once: this machine, the witnesses, one node.</summary>
internal sealed record VipWire(IReadOnlyList<WireAnswer> Answers)
{
    public IReadOnlyList<string> Macs => [.. Answers.SelectMany(a => a.Macs).Distinct()];
    public string Vantages => string.Join(" and ", Answers.Select(a => a.Vantage));

    /// <param name="node">The only node that is asked: others may be dead, and a login that hangs hears nothing.</param>
    public static async Task<VipWire> AskAsync(StepContext context, VirtualIp vip, string node, CancellationToken cancellation) =>
        new(await context.Ports.Wire.AskEveryoneAsync(
            new($"{vip.Address}", vip.Interface, [.. context.Fleet.Nodes.Select(n => n.Name).Where(n => n != node)]), 1, cancellation));

    /// <summary>MACs of these nodes on the VIP's interface; a node that does not answer has none that we know.</summary>
    public static async Task<IReadOnlyList<(string Node, string Mac)>> MacsOfAsync(
        StepContext context, VirtualIp vip, IEnumerable<string> nodes, CancellationToken cancellation)
    {
        var macs = await Task.WhenAll(nodes.Select(async name =>
        {
            var node = context.Fleet.Node(name);
            try
            {
                return (Name: name, Mac: (string?)await context.Ports.VirtualIps.MacAsync(node, vip.InterfaceOn(node), cancellation));
            }
            catch (AdapterException)
            {
                return (Name: name, Mac: null);
            }
        }));
        return [.. macs.Where(m => m.Mac is not null).Select(m => (m.Name, m.Mac!))];
    }

    /// <summary>"02:… (lb3) answers for 10.0.0.100, asked from here": whose MAC it is, where one of our nodes has it.</summary>
    public async Task<string> DescribeAsync(StepContext context, VirtualIp vip, IReadOnlyList<string> macs, CancellationToken cancellation)
    {
        var known = await MacsOfAsync(context, vip, context.Fleet.Nodes.Select(n => n.Name), cancellation);
        var named = macs.Select(m => known.FirstOrDefault(k => k.Mac == m).Node is { } node ? $"{m} ({node})" : m);
        var from = string.Join(" and ", Answers.Where(a => a.Macs.Intersect(macs).Any()).Select(a => a.Vantage));
        return $"{string.Join(" and ", named)} answers for {vip.Address}, heard from {from}";
    }
}
