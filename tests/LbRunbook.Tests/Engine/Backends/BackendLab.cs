using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Backends;
using LbRunbook.TestKit.FakeNetwork;

namespace LbRunbook.Tests.Engine.Backends;

/// <summary>Two proxies with three servers in one pool, all up, weight 100 each.</summary>
internal sealed class BackendLab : IDisposable
{
    public JournaledLab Runs { get; }
    public Fleet Fleet => Runs.Lab.Fleet;
    public FakeFleet World => Runs.World;

    /// <param name="fleet">Null = the sample.</param>
    public BackendLab(Fleet? fleet = null)
    {
        Runs = new(fleet);
        foreach (var node in World.Nodes)
            node.Servers = [.. Fleet.Pools.SelectMany(p => p.Backends.Select(Server))];
    }

    public void Dispose() => Runs.Dispose();

    /// <summary>nginx has no names, and each change of it is a reload.</summary>
    public static Fleet Nginx { get; } = OnNginx(SampleFleet.TwoNodes());

    private static Fleet OnNginx(Fleet fleet) =>
        fleet with { Nodes = [.. fleet.Nodes.Select(n => n with { Proxy = ProxyKind.Nginx })] };

    /// <summary>web1's machine serves a second pool, too.</summary>
    public static Fleet TwoPools { get; } = SampleFleet.TwoNodes() with
    {
        Pools =
        [
            SampleFleet.TwoNodes().Pools[0],
            new()
            {
                Name = "api",
                Backends = [Api("api1", "10.0.0.21"), Api("api4", "10.0.0.24"), Api("api5", "10.0.0.25")],
            },
        ],
    };

    private static Backend Api(string name, string host) => new() { Name = name, Host = host, Port = 9090, Pool = "api" };

    /// <param name="backend">As typed; several with a blank between.</param>
    public BackendSituation Look(string backend = "web1") => new(
        Fleet, Runs.Lab.Observe(), World.Nodes.ToDictionary(n => n.Name, n => n.WhyNotKept),
        BackendLookup.Find(Fleet, backend.Split(' '), null, "isolate-backend"));

    public PlanResult Isolate(string backend = "web1", IsolateRequest? request = null) =>
        IsolatePlanner.Build(Fleet, Look(backend), request ?? new());

    public PlanResult Restore(string backend = "web1", double waitSeconds = 2, double rampSeconds = 0) =>
        RestorePlanner.Build(Fleet, Look(backend), TimeSpan.FromSeconds(waitSeconds), TimeSpan.FromSeconds(rampSeconds));

    public PlanResult Drain(DrainRequest request, string backend = "web1") => DrainPlanner.Build(Fleet, Look(backend), request);

    public PlanResult Recover(AutoRecoverRequest? request = null, bool well = false, string? whyNotRestart = null) =>
        AutoRecoverPlanner.Build(
        Fleet, Look(), [new(whyNotRestart, Circuit.OpenStill(Runs.Lab.Time.GetUtcNow()), Circuit.Failures, well)],
        request ?? new() { Wait = TimeSpan.FromSeconds(2), Ramp = TimeSpan.Zero, PauseSeconds = 0.02 });

    public FakeBackend Backend => World.BackendHosts["web1"];

    public Circuit Circuit
    {
        get => World.Circuits.Read(new(Fleet.Cluster, "web", "web1"));
        set => World.Circuits.Write(new(Fleet.Cluster, "web", "web1"), value);
    }

    /// <summary>Its process is dead, and the proxies' checks have noticed.</summary>
    public void KillBackend()
    {
        Backend.Active = false;
        World.DownTargets.Add("10.0.0.21:8080");
        ChangeEverywhere("web1", s => s with { Health = ServerHealth.Down, Status = "DOWN" });
    }

    public void Change(string node, string server, Func<ServerState, ServerState> change) =>
        World[node].Servers = [.. World[node].Servers.Select(s => s.Server == server ? change(s) : s)];

    public void ChangeEverywhere(string server, Func<ServerState, ServerState> change)
    {
        foreach (var node in World.Nodes)
            Change(node.Name, server, change);
    }

    /// <summary>"lb1 Maint 100, lb2 Maint 100".</summary>
    public string States(string server = "web1") => string.Join(", ", World.Nodes.Select(n => $"{n.Name} {Of(n.Servers, server)}"));

    /// <summary>The same, as the next reload would have it.</summary>
    public string Kept(string server = "web1") => string.Join(", ", World.Nodes.Select(n => $"{n.Name} {Of(n.Kept, server)}"));

    private static string Of(IReadOnlyList<ServerState> servers, string name) =>
        servers.FirstOrDefault(s => s.Server == name) is { } server ? $"{server.Admin} {server.Weight}" : "unknown";

    private static ServerState Server(Backend backend) => new()
    {
        Pool = backend.Pool, Server = backend.Name, Address = $"{backend.Host}:{backend.Port}", Admin = AdminState.Ready,
        Health = ServerHealth.Up, Status = "UP", Weight = 100, InitialWeight = 100, CurrentSessions = 10, Errors = 0,
    };
}
