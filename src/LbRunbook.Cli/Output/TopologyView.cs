using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LbRunbook.Cli.Output;

/// <summary>
/// Who is there and who serves what: the table that <c>assess</c> begins with and that a mutation shows before and after.
/// </summary>
internal static class TopologyView
{
    /// <summary>Below this width the load columns share one and the addresses, which the configuration knows, are left out.</summary>
    private const int WideEnough = 100;

    public static IRenderable Of(Fleet fleet, Observation observation, int width)
    {
        var nodes = fleet.Nodes.OrderByDescending(n => n.Priority)
            .Select(n => (Node: n, Seen: observation.Nodes.FirstOrDefault(o => o.Node == n.Name)))
            .Where(p => p.Seen is not null)
            .Select(p => (p.Node, Seen: p.Seen!))
            .ToList();
        var withLoad = nodes.Any(p => p.Seen.Resources is not null);
        var wide = width >= WideEnough;
        var table = Tables.Create(wide
            ? ["NODE", "HOST", "LOGIN", "PROXY", "CARRIES", ">CONN"]
            : ["NODE", "LOGIN", "~PROXY", "~CARRIES", ">CONN"]);
        if (withLoad)
            Tables.AddColumns(table, wide ? [">LOAD", ">CPU %", ">MEM %", ">DISK %"] : [">CPU/MEM/DISK"]);
        foreach (var (node, seen) in nodes)
        {
            List<string> cells =
            [
                $"[bold]{PlainText.Markup(node.Name)}[/]",
                .. wide ? (string[])[PlainText.Markup(node.Host)] : [],
                Login(seen), Proxy(node, seen), Carries(fleet, observation, node), Connections(seen),
            ];
            if (withLoad)
                cells.AddRange(wide ? WideLoad(seen.Resources) : [NarrowLoad(seen.Resources)]);
            table.AddRow([.. cells.Select(c => new Markup(c))]);
        }
        return Tables.Finish(table);
    }

    private static string Login(NodeObservation seen) => seen.Reach switch
    {
        Reach.Ok => "ok",
        Reach.SudoNeedsPassword => Tables.Bad("no sudo"),
        Reach.TimedOut => Tables.Bad("TIMED OUT"),
        Reach.PermissionDenied => Tables.Bad("DENIED"),
        Reach.HostKeyChanged => Tables.Bad("HOST KEY"),
        Reach.Refused => Tables.Bad("REFUSED"),
        Reach.Unreachable when seen is { TcpAnswers: false, WireAnswers: false } => Tables.Bad("SILENT"),
        _ => Tables.Bad("FAILED"),
    };

    private static string Proxy(Node node, NodeObservation seen)
    {
        if (seen.Service is { Active: false } service)
            return Tables.Bad($"{node.ProxyName} {service.SubState.ToUpperInvariant()}");
        return seen.Proxy switch
        {
            { Answers: true, Version: { } version } => PlainText.Markup($"{node.ProxyName} {version.Split('-', '+')[0]}"),
            { Answers: true } => node.ProxyName,
            { Answers: false } => Tables.Bad($"{node.ProxyName} SILENT"),
            null => $"{node.ProxyName} ?",
        };
    }

    private static string Carries(Fleet fleet, Observation observation, Node node)
    {
        var held = fleet.Vips.Where(v => observation.HoldersOf(v).Contains(node.Name))
            .Select(v => $"{PlainText.Markup(v.Name)} {v.Address}").ToList();
        held.AddRange(UndeclaredAddresses.Of(fleet, observation.Node(node.Name)).Select(a => $"{a.Address} (not under vips:)"));
        if (held.Count > 0)
            return string.Join('\n', held);
        // The wire may know more than a node that we cannot ask.
        var answers = observation.Vips.Where(v => v.AnsweredBy == node.Name)
            .Select(v => $"{PlainText.Markup(v.Vip)} (on the wire)").ToList();
        return answers.Count > 0 ? string.Join('\n', answers) : observation.Node(node.Name).Reachable ? "-" : "?";
    }

    private static string Connections(NodeObservation seen) => seen.Proxy is { Answers: true } proxy ? $"{proxy.CurrentConnections}" : "?";

    private static string[] WideLoad(HostResources? host) => host is null
        ? ["?", "?", "?", "?"]
        : [$"{host.Load1:0.00}", host.CpuPercent is { } cpu ? $"{cpu:0}" : "?", $"{host.MemoryPercent:0}", $"{host.DiskPercent:0}"];

    private static string NarrowLoad(HostResources? host) =>
        host is null ? "?" : $"{(host.CpuPercent is { } cpu ? $"{cpu:0}" : "?")}/{host.MemoryPercent:0}/{host.DiskPercent:0} %";
}
