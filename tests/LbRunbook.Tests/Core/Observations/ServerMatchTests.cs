using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Observations;

public sealed class ServerMatchTests
{
    private static readonly Pool s_pool = new() { Name = "web", Backends = [Backend("web1", "10.0.1.1"), Backend("web2", "10.0.1.2")] };

    [Theory]
    [InlineData("web1", "10.0.1.1:8080", true)]
    [InlineData("srv-a", "10.0.1.1:8080", true)]
    [InlineData("web1", "10.0.1.2:8080", false)]
    [InlineData("web1", "10.0.1.10:8080", false)]
    [InlineData("web1", "10.0.1.1:8081", false)]
    [InlineData("web1", "[::ffff:10.0.1.1]:8080", true)]
    // HAProxy without a port: the one that the client came to.
    [InlineData("srv-a", "10.0.1.1:0", true)]
    // Not told, as to a login that may only read.
    [InlineData("web1", null, true)]
    [InlineData("srv-a", null, false)]
    [InlineData("web1", "unix", true)]
    [InlineData("web1", "web1.example.com:8080", true)]
    [InlineData("other", "web1.example.com:8080", false)]
    public void Is_ByAddress_TheNameIsAHint(string name, string? address, bool same) =>
        Assert.Equal(same, Server(name, address).Is(s_pool, s_pool.Backends[0]));

    [Theory]
    [InlineData("fd00::1", "[fd00:0:0::1]:8080")]
    [InlineData("web1.example.com", "WEB1.example.com:8080")]
    public void Is_TheSameWrittenOtherwise_IsIt(string host, string address) =>
        Assert.True(Server("x", address).Is(s_pool, Backend("web1", host)));

    [Fact]
    public void Is_ABackendByName_IsTheServerWithThatNameInDns()
    {
        var backend = Backend("web1", "web1.example.com");
        Assert.True((Server("x", "10.0.1.7:8080") with { Fqdn = "web1.example.com" }).Is(s_pool, backend));
        Assert.False((Server("x", "10.0.1.7:8080") with { Fqdn = "web2.example.com" }).Is(s_pool, backend));
        Assert.True(Server("web1", "10.0.1.7:8080").Is(s_pool, backend));
    }

    [Fact]
    public void Is_TwoInstancesOfOneNameThatDoesNotResolve_ArePickedByTheirPort()
    {
        var unresolved = Server("x", "web1.example.com:8081") with { Fqdn = "web1.example.com", HasNoAddress = true };
        Assert.False(unresolved.Is(s_pool, Backend("web1", "web1.example.com")));
        Assert.True((unresolved with { Address = "web1.example.com:8080" }).Is(s_pool, Backend("web1", "web1.example.com")));
    }

    [Fact]
    public void Is_ASlot_IsWhoFillsItAndNeverWhatItIsCalled()
    {
        var slot = Server("web1", null) with { IsSlot = true, HasNoAddress = true, Fqdn = "all.example.com" };
        Assert.False(slot.Is(s_pool, s_pool.Backends[0]));
        Assert.True((slot with { HasNoAddress = false, Address = "10.0.1.2:8080" }).Is(s_pool, s_pool.Backends[1]));
    }

    [Fact]
    public void InRotation_WithoutAnAddress_IsNot() => Assert.False((Server("web1", null) with { HasNoAddress = true }).InRotation);

    [Fact]
    public void Disagreement_NamesStandForEachOther_ShowsEveryTable()
    {
        var tables = ServerNames.Disagreement(s_pool,
            [("lb1", Proxy(("web1", "10.0.1.1"), ("web2", "10.0.1.2"))), ("lb2", Proxy(("web1", "10.0.1.2"), ("web2", "10.0.1.1")))]);
        Assert.Equal("lb1: web1 is 10.0.1.1:8080, web2 is 10.0.1.2:8080; lb2: web1 is 10.0.1.2:8080, web2 is 10.0.1.1:8080; "
            + "configuration: web1 is 10.0.1.1:8080, web2 is 10.0.1.2:8080", tables);
    }

    [Fact]
    public void Disagreement_OtherNamesForTheSameMachines_IsNone() => Assert.Null(ServerNames.Disagreement(s_pool,
        [("lb1", Proxy(("web1", "10.0.1.1"), ("web2", "10.0.1.2"))), ("lb2", Proxy(("a", "10.0.1.1"), ("b", "10.0.1.2")))]));

    /// <summary>The configuration has names that nobody here looks up: then the nodes are compared with each other.</summary>
    [Fact]
    public void Disagreement_BackendsByName_ComparesTheNodes()
    {
        var pool = s_pool with { Backends = [Backend("web1", "web1.example.com"), Backend("web2", "web2.example.com")] };
        (string, ProxyState)[] seen = [("lb1", Proxy(("web1", "10.0.1.1"))), ("lb2", Proxy(("web1", "10.0.1.9")))];
        Assert.Equal("lb1: web1 is 10.0.1.1:8080; lb2: web1 is 10.0.1.9:8080; configuration: web1 is web1.example.com:8080",
            ServerNames.Disagreement(pool, seen));
        Assert.Null(ServerNames.Disagreement(pool, seen, pool.Backends[1]));
        // Both take what DNS says to them.
        Assert.Null(ServerNames.Disagreement(pool, [.. seen.Select(s => (s.Item1, Named(s.Item2, "web1.example.com")))]));
    }

    [Fact]
    public void Disagreement_BothNodesSayOtherwiseThanTheConfiguration_IsOne() => Assert.NotNull(ServerNames.Disagreement(s_pool,
        [("lb1", Proxy(("web1", "10.0.1.9"))), ("lb2", Proxy(("web1", "10.0.1.9")))], s_pool.Backends[0]));

    private static ProxyState Named(ProxyState proxy, string fqdn) =>
        proxy with { Servers = [.. proxy.Servers.Select(s => s with { Fqdn = fqdn })] };

    private static ProxyState Proxy(params (string Name, string Address)[] servers) => new()
    {
        Kind = ProxyKind.Haproxy, Answers = true, Servers = [.. servers.Select(s => Server(s.Name, $"{s.Address}:8080"))],
    };

    private static ServerState Server(string name, string? address) => Sample.Server(name) with { Address = address };

    private static Backend Backend(string name, string host) => new() { Name = name, Host = host, Port = 8080, Pool = "web" };
}
