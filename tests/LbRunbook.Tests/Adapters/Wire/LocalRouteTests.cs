using LbRunbook.Adapters.Wire;
using Xunit;

namespace LbRunbook.Tests.Adapters.Wire;

public sealed class LocalRouteTests
{
    // Recorded: iproute2 6.1, "ip -j route get ADDRESS".
    [Fact]
    public void Parse_ConnectedNetwork_IsOnLink() =>
        Assert.Equal(new("eth0", OnLink: true, IsLocal: false),
            LocalRoute.Parse("""[{"dst":"10.99.7.100","dev":"eth0","prefsrc":"10.99.7.2","flags":[],"uid":0,"cache":[]}]"""));

    [Fact]
    public void Parse_ThroughAGateway_IsNotOnLink() =>
        Assert.Equal(new("eth0", OnLink: false, IsLocal: false, "10.99.7.254"),
            LocalRoute.Parse("""[{"dst":"192.0.2.1","gateway":"10.99.7.254","dev":"eth0","prefsrc":"10.99.7.2","flags":[],"uid":0,"cache":[]}]"""));

    [Fact]
    public void Parse_OwnAddress_IsLocal() =>
        Assert.Equal(new("lo", OnLink: false, IsLocal: true),
            LocalRoute.Parse("""[{"type":"local","dst":"10.99.7.100","dev":"lo","prefsrc":"10.99.7.100","flags":[],"uid":0,"cache":["local"]}]"""));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[{}]")]
    [InlineData("RTNETLINK answers: Network is unreachable")]
    public void Parse_NoRoute_IsNull(string output) => Assert.Null(LocalRoute.Parse(output));
}
