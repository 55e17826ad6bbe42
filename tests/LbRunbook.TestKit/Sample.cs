using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.TestKit;

/// <summary>A healthy two-node, three-backend cluster and what it looks like; tests break one thing at a time with <c>with</c>.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    public static Fleet Fleet { get; } = new()
    {
        Cluster = "web-prod",
        Environment = FleetEnvironment.Production,
        Nodes =
        [
            new Node { Name = "lb1", Host = "10.0.0.11", Proxy = ProxyKind.Haproxy, Priority = 150, Ssh = new() { User = "root" } },
            new Node { Name = "lb2", Host = "10.0.0.12", Proxy = ProxyKind.Haproxy, Priority = 100, Ssh = new() { User = "root" } },
        ],
        Vips = [new VirtualIp { Name = "public", Address = IPAddress.Parse("10.0.0.100"), PrefixLength = 32,
            Check = new HttpCheck { Port = 80, Path = "/health" } }],
        Pools =
        [
            new Pool
            {
                Name = "web",
                Health = new HttpCheck { Path = "/health" },
                Backends = [.. Enumerable.Range(1, 3).Select(i => new Backend
                {
                    Name = $"web{i}", Host = $"10.0.1.1{i}", Port = 8080, Pool = "web", Ssh = new()
                    {
                        User = "root",
                    }, Service = new() { Name = "app" },
                })],
            },
        ],
        Witnesses = [new Witness { Name = "client", Host = "10.0.0.5" }],
    };

    public static Observation Healthy { get; } = new()
    {
        TakenAt = Now,
        Took = TimeSpan.FromMilliseconds(412),
        Nodes = [Node("lb1", "52:54:00:00:00:11") with { Addresses = [Address("10.0.0.11", 24), Address("10.0.0.100", 32)] },
            Node("lb2", "52:54:00:00:00:12") with { Addresses = [Address("10.0.0.12", 24)] }],
        Vips = [new VipObservation { Vip = "public", WireMacs = ["52:54:00:00:00:11"], WireVantage = "client", Through = Good(3),
            AnsweredBy = "lb1" }],
        Pools = [new PoolObservation { Pool = "web", Backends = [.. Enumerable.Range(1, 3).Select(i => Backend($"web{i}"))] }],
    };

    public static HeldAddress Address(string address, int prefix) => new("eth0", address, prefix);
    public static CheckResult Good(double milliseconds) => new(true, TimeSpan.FromMilliseconds(milliseconds), "HTTP 200");
    public static CheckResult Bad(string detail) => new(false, TimeSpan.FromMilliseconds(2), detail);

    public static ServerState Server(
        string name, ServerHealth health = ServerHealth.Up, AdminState admin = AdminState.Ready, string status = "UP") => new()
    {
        Pool = "web", Server = name, Admin = admin, Health = health, Status = status, Weight = 1, InitialWeight = 1, CurrentSessions = 4,
        TotalSessions = 100,
    };

    public static BackendObservation Backend(string name) => new()
    {
        Backend = name,
        FromHere = Good(2),
        FromNodes = new Dictionary<string, CheckResult> { ["lb1"] = Good(1), ["lb2"] = Good(1) },
        OnProxies = new Dictionary<string, ServerState> { ["lb1"] = Server(name), ["lb2"] = Server(name) },
    };

    /// <summary>Nothing works any more: what an observer reports of a host that vanished.</summary>
    public static NodeObservation Silent(string name) => new()
    {
        Node = name, Reach = Reach.Unreachable, ReachDetail = "no sign of life", TcpAnswers = false, WireAnswers = false,
        WireVantages = ["here", "client"],
    };

    public static Observation With(this Observation observation, string node, Func<NodeObservation, NodeObservation> change) =>
        observation with { Nodes = [.. observation.Nodes.Select(n => n.Node == node ? change(n) : n)] };

    public static Observation WithVip(this Observation observation, Func<VipObservation, VipObservation> change) =>
        observation with { Vips = [.. observation.Vips.Select(change)] };

    public static Observation WithBackend(
        this Observation observation, string backend, Func<BackendObservation, BackendObservation> change) =>
        observation with
        {
            Pools = [.. observation.Pools.Select(p =>
                p with { Backends = [.. p.Backends.Select(b => b.Backend == backend ? change(b) : b)] })],
        };

    public static Observation WithServer(
        this Observation observation, string node, string backend, Func<ServerState, ServerState> change) =>
        observation.WithBackend(backend, b => b with
        {
            OnProxies = b.OnProxies.ToDictionary(p => p.Key, p => p.Key == node ? change(p.Value) : p.Value),
        });

    private static NodeObservation Node(string name, string mac) => new()
    {
        Node = name,
        Reach = Reach.Ok,
        TcpAnswers = true,
        Service = new(true, true, "running", 812),
        Proxy = new ProxyState
        {
            Kind = ProxyKind.Haproxy, Answers = true, Version = "2.6.12-1+deb12u1", Pid = 815, CurrentConnections = name == "lb1" ? 41 : 1,
            MaxConnections = 4000, IdlePercent = 98,
            Servers = [.. Enumerable.Range(1, 3).Select(i => Server($"web{i}"))],
        },
        Macs = new Dictionary<string, string> { ["eth0"] = mac },
        Resources = new(3, 12, 40, "/", 0.12, 2),
        ConfigHash = "aa",
        ConfigFingerprint = "aa",
        DirectCheck = Good(2),
    };
}
