using System.Net;
using LbRunbook.Adapters.Wire;
using Xunit;

namespace LbRunbook.Tests.Adapters.Wire;

public sealed class LocalCardTests
{
    private const string Addresses = """
        00000000000000000000000000000001 01 80 10 80       lo
        fd000213000200000000000000000011 02 40 00 80     eth0
        fe80000000000000201070fffec04cf7 02 40 20 80     eth0
        fe80000000000000c47535fffe277bcd 03 40 20 80 eth0.100

        """;

    [Theory]
    [InlineData("eth0", "fe80::2010:70ff:fec0:4cf7")]
    [InlineData("eth0.100", "fe80::c475:35ff:fe27:7bcd")]
    [InlineData("lo", null)]
    [InlineData("eth", null)]
    public void LinkLocalOf_Card_IsItsOwnOfScopeLink(string card, string? address) =>
        Assert.Equal(address is null ? null : IPAddress.Parse(address), LocalCard.LinkLocalOf(card, Addresses));

    [Theory]
    [InlineData("no-such-card")]
    [InlineData("../net")]
    public void Find_NoSuchCard_IsNone(string name) => Assert.Null(LocalCard.Find(name));

    [Fact]
    public void Find_EveryCardOfThisMachine_IsFoundOrHasNoMac()
    {
        foreach (var directory in Directory.Exists("/sys/class/net") ? Directory.GetDirectories("/sys/class/net") : [])
        {
            if (LocalCard.Find(Path.GetFileName(directory)) is { } card)
                Assert.Equal(6, card.Mac.Length);
        }
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("2001:db8::1", false)]
    public void IsOwn_Address_AsTheKernelsRoutesSay(string address, bool own) => Assert.Equal(own, OwnAddress.Is(IPAddress.Parse(address)));
}
