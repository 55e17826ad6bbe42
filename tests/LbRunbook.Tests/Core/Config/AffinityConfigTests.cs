using LbRunbook.Core.Config;
using LbRunbook.Core.Model;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

public sealed class AffinityConfigTests
{
    [Fact]
    public void Example_Affinity_IsBound()
    {
        var pools = ConfigLoader.Load(RepositoryFiles.Path("config/lbctl.example.yaml")).Fleet!.Pools;
        Assert.Equal(new Affinity { Cookie = "SRV", ServedBy = "X-Backend", Vip = "public" }, pools[0].Affinity);
        Assert.Equal(("client address", "X-Served-From"), (pools[1].Affinity!.Means, pools[1].Affinity!.ServedBy));
    }

    [Theory]
    [InlineData("cookie: SRV", "servedBy is missing")]
    [InlineData("servedBy: X", "needs one of: cookie: NAME, source: true")]
    [InlineData("servedBy: X, source: true, cookie: SRV", "needs one of: cookie: NAME, source: true")]
    [InlineData("servedBy: X, source: false", "source must be true; leave affinity: out")]
    [InlineData("servedBy: X, source: true, vip: publik", "vip 'publik' does not exist; allowed: public; did you mean public?")]
    [InlineData("servedBy: 'X: y', source: true", "must be the name of a cookie or header")]
    [InlineData("servedBy: X, source: true, path: a b", "must be a path")]
    [InlineData("servedBy: X, source: true, requests: 1", "must be a whole number from 2 to 20")]
    public void Mistake_InAffinity_IsSaid(string affinity, string message) =>
        Assert.Contains(Parse(affinity, "vips: [{name: public, address: 192.0.2.10}]"), m => m.Contains(message));

    [Fact]
    public void Affinity_WithoutAVip_IsAnError() =>
        Assert.Contains(Parse("servedBy: X, source: true", ""), m => m.Contains("needs a virtual IP"));

    private static IReadOnlyList<string> Parse(string affinity, string vips) =>
        [.. ConfigLoader.Parse($"{vips}\npools: [{{name: p, affinity: {{{affinity}}}}}]", "x").Problems.Select(p => p.Message)];
}
