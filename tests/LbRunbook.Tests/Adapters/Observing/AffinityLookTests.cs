using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using LbRunbook.Adapters.Checks;
using LbRunbook.Adapters.Observing;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit;
using LbRunbook.TestKit.Observing;
using Xunit;

namespace LbRunbook.Tests.Adapters.Observing;

public sealed class AffinityLookTests
{
    private static readonly Affinity ByCookie = new() { Cookie = "SRV", ServedBy = "X-Backend" };
    private static readonly Affinity BySource = new() { ServedBy = "X-Backend", Path = "/who" };
    private readonly ConcurrentQueue<AffinityQuestion> _asked = new();

    [Fact]
    public async Task Cookie_EveryoneKeepsIt_AllComeBackEverywhere()
    {
        var next = 0;
        var seen = await Observe(ByCookie,
            q => q.CookieValue is { } has ? new(has, null, null) : Given($"web{(Interlocked.Increment(ref next) % 3) + 1}"));
        Assert.Equal(("web", "public", "cookie SRV", (string?)null), (seen.Pool, seen.Vip, seen.Means, seen.Problem));
        Assert.Equal(["web1", "web2", "web3"], seen.Clients.Select(c => c.Home).Order());
        Assert.All(seen.Clients, c =>
        {
            Assert.Equal([c.Home, c.Home, c.Home], c.Returns);
            Assert.Equal([c.Home, c.Home], c.OnNodes.Values);
        });
        Assert.Equal(3 * (4 + 2), _asked.Count);
        Assert.All(_asked, q => Assert.Equal(("/", 80), (q.How.Path, q.How.Port)));
    }

    [Fact]
    public async Task Cookie_ProxyChangesIt_TheNewOneIsSent()
    {
        var seen = await Observe(ByCookie with { Requests = 3 },
            q => q.CookieValue switch { null => Given("web1"), "web1" => Given("web2"), var has => new(has, null, null) });
        Assert.All(seen.Clients, c => Assert.Equal(["web2", "web2"], c.Returns));
    }

    [Fact]
    public async Task Cookie_NeverSet_IsSaid() =>
        Assert.Equal("/ through public sets no cookie SRV", (await Observe(ByCookie, _ => new("web1", null, null))).Problem);

    [Fact]
    public async Task Header_MissingOrStrange_IsSaid()
    {
        Assert.Equal("/who through public answers without the header X-Backend",
            (await Observe(BySource, _ => new(null, null, null))).Problem);
        Assert.Equal("X-Backend of public says \"db7\", which is no backend of pool web",
            (await Observe(BySource, _ => new("db7", null, null))).Problem);
    }

    [Fact]
    public async Task Source_AddressAndPortNameTheBackend_OneClientOnly()
    {
        var seen = await Observe(BySource, _ => new("10.0.1.12:8080", null, IPAddress.Loopback));
        var client = Assert.Single(seen.Clients);
        Assert.Equal("web2", client.Home);
        Assert.Equal(["web2", "web2"], client.OnNodes.Values);
        Assert.Equal(4 + 2, _asked.Count);
    }

    [Fact]
    public async Task Source_AnotherAddressOfOursTowardsANode_IsNotCompared() =>
        Assert.Equal(["lb1"],
            (await Observe(BySource,
                q => new("web1", null, IPAddress.Parse(q.Address == "10.0.0.12" ? "10.9.9.9" : "10.0.0.5")))).Clients[0].OnNodes.Keys);

    [Fact]
    public async Task Answers_Never_CostAtMostTheLooksOwnPatience()
    {
        var clock = Stopwatch.StartNew();
        var seen = await ObserveAsync(BySource, async (_, t) => await FakeEyes.Never<AffinityAnswer>(t));
        Assert.Equal("no answer through public in time", seen.Problem);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task NotConfigured_NothingIsSent()
    {
        var eyes = new FakeEyes();
        var observer = new FleetObserver(eyes.With(Record(_ => new("web1", null, null))), TimeProvider.System);
        Assert.Empty((await observer.ObserveAsync(Sample.Fleet, new ObservationScope(), TestContext.Current.CancellationToken)).Affinities);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Request_ToARealServer_SendsTheCookieAndReadsTheAnswer()
    {
        await using var server = new TestHttpServer { ServedBy = "web1" };
        var answer = await AffinityRequest.SendAsync(
            new(new HttpCheck { Port = server.Port }, "127.0.0.1", "X-Served-By", "SRV", "a b"), TestContext.Current.CancellationToken);
        Assert.Equal(("web1", (string?)null, IPAddress.Loopback, (string?)null),
            (answer.ServedBy, answer.Cookie, answer.From, answer.Error));
    }

    private static AffinityAnswer Given(string backend) => new(backend, backend, null);

    private AffinityAsk Record(Func<AffinityQuestion, AffinityAnswer> answer) => (question, _) =>
    {
        _asked.Enqueue(question);
        return Task.FromResult(answer(question));
    };

    private Task<AffinityObservation> Observe(Affinity affinity, Func<AffinityQuestion, AffinityAnswer> answer) =>
        ObserveAsync(affinity, Record(answer));

    private static async Task<AffinityObservation> ObserveAsync(Affinity affinity, AffinityAsk ask)
    {
        var fleet = Sample.Fleet with { Pools = [Sample.Fleet.Pools[0] with { Affinity = affinity }] };
        var observer = new FleetObserver(new FakeEyes().With(ask), TimeProvider.System);
        return Assert.Single((await observer.ObserveAsync(fleet, new ObservationScope(),
            TestContext.Current.CancellationToken)).Affinities);
    }
}
