using LbRunbook.Adapters.Haproxy;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Adapters.Haproxy;

public sealed class HaproxyPersistenceTests
{
    [Theory]
    [InlineData("backend web", "no option redispatch", true)]
    [InlineData("defaults|option redispatch|backend web", null, false)]
    [InlineData("defaults|option redispatch|backend web|no option redispatch", "no option redispatch", true)]
    [InlineData("defaults|option redispatch|defaults|backend web", "no option redispatch", true)]
    [InlineData("defaults base|option redispatch|defaults|backend web from base", null, false)]
    [InlineData("defaults base|option redispatch|defaults next from base|backend web", null, false)]
    [InlineData("backend web|option persist", "option persist without option redispatch", false)]
    [InlineData("backend web|option persist|option redispatch 3", null, false)]
    [InlineData("backend other|option redispatch|section|option redispatch|backend web", "no option redispatch", true)]
    public void Complete_CookieOfTheRuntime_GetsTheFilesDeadEnd(string file, string? deadEnd, bool untilNoticed)
    {
        var sticky = Assert.Single(Complete(file, new PoolStickiness("web", ["cookie SRV"])));
        Assert.Equal((deadEnd, untilNoticed), (sticky.DeadEnd, sticky.UntilNoticed));
    }

    [Fact]
    public void Complete_StickRules_KeepClientsToo() =>
        Assert.Equal(["stick on src", "stick match req.cook(id)"],
            Assert.Single(Complete("backend web|option redispatch|stick on src|stick match req.cook(id)|stick store-response x",
                new PoolStickiness("web", []))).By);

    [Fact]
    public void Complete_UncheckedServer_IsADeadEndForGood()
    {
        var proxy = Sample.Healthy.Node("lb1").Proxy! with
        {
            Servers = [Sample.Server("web1", ServerHealth.NoCheck)],
            Stickiness = [new("web", ["balance source"])],
        };
        var sticky = Assert.Single(HaproxyPersistence.Complete(proxy, ["backend web"]).Stickiness);
        Assert.Equal(("no option redispatch, and web1 is not checked", false), (sticky.DeadEnd, sticky.UntilNoticed));
    }

    [Fact]
    public void Complete_FileNotReadOrPoolNotInIt_ClaimsNothing()
    {
        Assert.Empty(HaproxyPersistence.Complete(Sample.Healthy.Node("lb1").Proxy! with { Stickiness = [new("web", ["cookie SRV"])] },
            null).Stickiness);
        Assert.Empty(Complete("backend other", new PoolStickiness("web", [])));
    }

    private static IReadOnlyList<PoolStickiness> Complete(string file, PoolStickiness runtime) =>
        HaproxyPersistence.Complete(Sample.Healthy.Node("lb1").Proxy! with { Stickiness = [runtime] }, file.Split('|')).Stickiness;
}
