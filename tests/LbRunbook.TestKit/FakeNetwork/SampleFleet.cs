using System.Net;
using LbRunbook.Core.Model;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>The fleet that most tests speak of: lb1 and lb2, a VIP on lb1, three web servers, one witness.</summary>
internal static class SampleFleet
{
    public const string DeepPath = "/health/deep";

    public static Fleet TwoNodes(bool withIPv6 = false, FleetEnvironment environment = FleetEnvironment.Lab)
    {
        List<VirtualIp> vips =
        [
            new()
            {
                Name = "public", Address = IPAddress.Parse("10.0.0.100"), PrefixLength = 32,
                Check = new HttpCheck { Port = 80, Path = "/health" },
            },
        ];
        if (withIPv6)
            vips.Add(new() { Name = "public6", Address = IPAddress.Parse("fd00::100"), PrefixLength = 128 });
        return new()
        {
            Cluster = "web-test",
            Environment = environment,
            Nodes = [NodeNamed("lb1", "10.0.0.11", 150), NodeNamed("lb2", "10.0.0.12", 100)],
            Vips = vips,
            Pools =
            [
                new()
                {
                    Name = "web", Health = new HttpCheck { Path = "/health" }, DeepHealth = new HttpCheck { Path = DeepPath },
                    Backends = [.. Enumerable.Range(1, 3)
                        .Select(i => new Backend { Name = $"web{i}", Host = $"10.0.0.2{i}", Port = 8080, Pool = "web", Ssh = new(),
                            Service = new() { Name = "app" } })],
                },
            ],
            Witnesses = [new() { Name = "client", Host = "10.0.0.5" }],
        };
    }

    private static Node NodeNamed(string name, string host, int priority) =>
        new() { Name = name, Host = host, Proxy = ProxyKind.Haproxy, Priority = priority };
}
