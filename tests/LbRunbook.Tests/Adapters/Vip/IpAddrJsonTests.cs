using LbRunbook.Adapters.Vip;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Adapters.Vip;

public sealed class IpAddrJsonTests
{
    // Recorded: iproute2 6.1, "ip -j addr".
    private const string Recorded = """
        [{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"operstate":"UNKNOWN","link_type":"loopback","address":"00:00:00:00:00:00","broadcast":"00:00:00:00:00:00","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo"}]},
         {"ifindex":2,"link_index":6,"ifname":"eth0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"operstate":"UP","link_type":"ether","address":"5A:b1:a8:ea:4b:05","broadcast":"ff:ff:ff:ff:ff:ff","link_netnsid":0,"addr_info":[{"family":"inet","local":"10.99.7.1","prefixlen":24,"scope":"global","label":"eth0"},{"family":"inet","local":"10.99.7.100","prefixlen":32,"scope":"global","label":"eth0"},{"family":"inet","local":"10.99.7.100","prefixlen":24,"scope":"global","secondary":true,"label":"eth0"},{"family":"inet6","local":"fd00:99::100","prefixlen":128,"scope":"global","dadfailed":true,"tentative":true}]}]
        """;

    [Fact]
    public void Parse_SameAddressUnderTwoPrefixLengths_KeepsBoth() =>
        Assert.Equal(
            [new HeldAddress("eth0", "10.99.7.100", 32), new HeldAddress("eth0", "10.99.7.100", 24, Secondary: true)],
            IpAddrJson.Parse(Recorded).Addresses.Where(a => a.Address == "10.99.7.100"));

    [Fact]
    public void Parse_FailedDuplicateDetection_IsSaid() =>
        Assert.Contains(new HeldAddress("eth0", "fd00:99::100", 128, Tentative: true, DadFailed: true),
            IpAddrJson.Parse(Recorded).Addresses);

    [Fact]
    public void Parse_Macs_AreLowerCaseAndOnlyEthernet() =>
        Assert.Equal([KeyValuePair.Create("eth0", "5a:b1:a8:ea:4b:05")], IpAddrJson.Parse(Recorded).Macs);

    [Fact]
    public void Parse_Flags_AreByInterface() =>
        Assert.Contains("LOWER_UP", IpAddrJson.Parse(Recorded).Flags["eth0"]);

    // Recorded: "ip -j addr show to 10.99.7.100" prints {} for every interface without a match.
    [Fact]
    public void Parse_EmptyEntriesOfAFilteredList_AreSkipped() =>
        Assert.Equal("eth0",
            Assert.Single(IpAddrJson
                .Parse("""[{},{"ifname":"eth0","addr_info":[{"local":"10.99.7.100","prefixlen":32}]},{}]""").Addresses).Interface);

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("\n")]
    public void Parse_Nothing_IsNoAddress(string json) => Assert.Empty(IpAddrJson.Parse(json).Addresses);

    [Theory]
    [InlineData("Option \"-j\" is unknown, try \"ip -help\".")]
    [InlineData("{}")]
    public void Parse_NotTheList_IsAFormatError(string output) =>
        Assert.Throws<FormatException>(() => IpAddrJson.Parse(output));
}
