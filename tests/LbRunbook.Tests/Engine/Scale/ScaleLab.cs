using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Scale;
using LbRunbook.TestKit.FakeNetwork;

namespace LbRunbook.Tests.Engine.Scale;

/// <summary>
/// Two proxies with three servers of weight 100, and two emergency backends: em1 has a service that stands still, em2 always runs.
/// </summary>
internal sealed class ScaleLab : IDisposable
{
    public ScaleLab(ProxyKind proxy = ProxyKind.Haproxy)
    {
        Runs = new(FleetOf(proxy));
        World["em2"].ServiceActive = true;
        foreach (var node in World.Nodes)
        {
            node.Servers = [.. Pool.Backends.Select(b => Server(b))];
            node.Configured = [.. node.Servers.Select(s => s.Server)];
        }
    }

    public JournaledLab Runs { get; }
    public Fleet Fleet => Runs.Lab.Fleet;
    public Pool Pool => Fleet.Pools[0];
    public FakeFleet World => Runs.World;

    public void Dispose() => Runs.Dispose();

    public ScaleSituation Look() => new(Fleet, Runs.Lab.Observe(), World.Nodes.ToDictionary(
        n => n.Name, n => new NodeAnswer(n.WhyNotKept,
            n.Reach == Reach.Ok ? new PoolLines(n.WhyNotWritten, n.Configured, [.. n.Lines]) : null, "no answer")), Pool);

    public PlanResult Out(int count = 1, double warmUp = 0.4, double wait = 2) =>
        ScaleOutPlanner.Build(Fleet, Look(),
            new() { Count = count, WarmUp = TimeSpan.FromSeconds(warmUp), Wait = TimeSpan.FromSeconds(wait) });

    public PlanResult In(int? count = null, bool acceptLow = false, double forSeconds = 2, double warmUp = 0.1,
        bool stopServices = false) => ScaleInPlanner.Build(Fleet, Look(), new()
    {
        Count = count,
        For = TimeSpan.FromSeconds(forSeconds),
        AcceptLowCapacity = acceptLow,
        WarmUp = TimeSpan.FromSeconds(warmUp),
        StopServices = stopServices,
        Started = StartedServices.Of(Runs.Store, Fleet, Pool),
    });

    public void ChangeEverywhere(string server, Func<ServerState, ServerState> change)
    {
        foreach (var node in World.Nodes)
            node.Servers = [.. node.Servers.Select(s => s.Server == server ? change(s) : s)];
    }

    /// <summary>Everything that a run may change, node by node, and what runs on the emergency backends.</summary>
    public string State(bool withKept = true) => string.Join(" | ", World.Nodes.Select(n =>
        $"{n.Name}: {string.Join(" ", n.Servers.Select(s => $"{s.Server}={s.Admin},{s.Weight}"))} "
            + $"lines[{string.Join(",", n.Lines)}]"
            + $"{(withKept ? $" kept[{string.Join(" ", n.Kept.Select(s => $"{s.Server}={s.Admin},{s.Weight}"))}]" : "")}"))
        + $" | em1 {(World["em1"].ServiceActive ? "runs" : "stands")}";

    /// <summary>The state after everything that was added is gone, as <see cref="State"/> would say it.</summary>
    public static string Untouched(bool kept)
    {
        const string Own = "web1=Ready,100 web2=Ready,100 web3=Ready,100";
        return $"lb1: {Own} lines[] kept[{(kept ? Own : "")}] | lb2: {Own} lines[] kept[{(kept ? Own : "")}] | em1 stands";
    }

    public const string WithOne = "web1=Ready,100 web2=Ready,100 web3=Ready,100 em1=Ready,100";
    public static string Added => $"lb1: {WithOne} lines[em1] kept[{WithOne}] | lb2: {WithOne} lines[em1] kept[{WithOne}] | em1 runs";

    private static Fleet FleetOf(ProxyKind proxy)
    {
        var fleet = SampleFleet.TwoNodes();
        return fleet with
        {
            Nodes = [.. fleet.Nodes.Select(n => n with { Proxy = proxy })],
            Pools =
            [
                fleet.Pools[0] with
                {
                    Emergency =
                    [
                        new()
                        {
                            Name = "em1",
                            Host = "10.0.0.61",
                            Port = 8080,
                            Pool = "web",
                            Ssh = new(),
                            Service = new() { Name = "app" },
                        },
                        new()
                        {
                            Name = "em2",
                            Host = "10.0.0.62",
                            Port = 8080,
                            Pool = "web",
                            Weight = 50,
                            ServerOptions = "ssl verify none",
                        },
                    ],
                },
            ],
        };
    }

    private static ServerState Server(Backend backend) => new()
    {
        Pool = "web", Server = backend.Name, Address = backend.Address, Admin = AdminState.Ready,
        Health = ServerHealth.Up, Status = "UP", Weight = 100, InitialWeight = 100, CurrentSessions = 10, Errors = 0,
    };
}
