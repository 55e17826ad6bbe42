using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Failover;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;

namespace LbRunbook.Tests.Engine.Failover;

/// <summary>A fake fleet, looked at as the observer would, planned and run: failover without a network.</summary>
internal sealed class FailoverLab(Fleet fleet)
{
    public FakeFleet World { get; } = new(fleet);
    public List<RunEvent> Events { get; } = [];
    public Fleet Fleet { get; } = fleet;

    /// <summary>What waits for seconds takes none.</summary>
    public VirtualTime Time { get; } = new();

    public FailoverRequest Request(string from = "lb1", string to = "lb2") =>
        new() { From = Fleet.Node(from), To = Fleet.Node(to) };

    public PlanResult Plan(FailoverRequest? request = null, bool repeats = false)
    {
        request ??= Request();
        return FailoverPlanner.Build(Fleet, new FailoverFacts
        {
            Observation = Observe(),
            TargetConfigurationError = World[request.To.Name].ConfigurationError,
            TargetConfigurationUntested = World[request.To.Name].ConfigurationUntested,
            RepeatsLastRun = repeats,
        }, request);
    }

    public Task<RunOutcome> RunAsync(Plan plan) => InterruptedAsync(plan, CancellationToken.None);

    public Task<RunOutcome> InterruptedAsync(Plan plan, CancellationToken interrupted) => Task.FromResult(
        Time.Run(() => new PlanRunner(new StepContext(Fleet, World, Time), Events.Add).RunAsync(plan, interrupted))!);

    public Observation Observe() => new()
    {
        TakenAt = DateTimeOffset.UnixEpoch,
        Took = TimeSpan.Zero,
        Nodes = [.. World.Nodes.Select(ObserveNode)],
        Vips = [.. Fleet.Vips.Select(v => new VipObservation
        {
            Vip = v.Name,
            WireVantage = "here",
            WireMacs = [.. World.Nodes.Where(n => n.OnWire && n.Holds(v)).Select(n => n.Mac)],
        })],
    };

    private NodeObservation ObserveNode(FakeNode node)
    {
        if (node.Reach != Reach.Ok)
            return new()
            {
                Node = node.Name,
                Reach = node.Reach,
                ReachDetail = "no answer",
                TcpAnswers = false,
                WireAnswers = node.OnWire,
                WireVantages = ["here", "lb2"],
                WireHeardBy = node.OnWire ? ["here", "lb2"] : [],
            };
        return new()
        {
            Node = node.Name,
            Reach = Reach.Ok,
            TcpAnswers = true,
            Addresses = [.. node.Addresses],
            Keepalived = World.Keepalived.Seen(node),
            Owners = node.Owners,
            Macs = new Dictionary<string, string> { [node.Node.Interface] = node.Mac },
            Service = new(node.ServiceActive, node.ServiceEnabled, node.ServiceActive ? "running" : "dead", node.ServiceActive ? 42 : 0),
            Proxy = new()
            {
                Kind = ProxyKind.Haproxy,
                Version = node.ProxyVersion,
                Answers = node.ServiceActive && node.ProxyAnswers,
                Error = node.ServiceActive && node.ProxyAnswers ? null : "no such socket",
                Servers = node.Servers,
                LetsClientsGo = node.LetsClientsGo,
                Balancing = node.Balancing,
                WhyNoChange = node.WhyNoChange,
            },
        };
    }
}
