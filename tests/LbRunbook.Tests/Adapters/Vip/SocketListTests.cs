using System.Net;
using LbRunbook.Adapters.Vip;
using Xunit;

namespace LbRunbook.Tests.Adapters.Vip;

public sealed class SocketListTests
{
    // Recorded: ss from iproute2 6.1, "ss -Htln" and "ss -Htn state established".
    [Theory]
    [InlineData("LISTEN 0      128          0.0.0.0:80        0.0.0.0:*", "10.0.0.100", true)]
    [InlineData("LISTEN 0      128          0.0.0.0:80        0.0.0.0:*", "fd00::100", false)]
    [InlineData("LISTEN 0      128                *:80              *:*", "10.0.0.100", true)]
    [InlineData("LISTEN 0      128                *:80              *:*", "fd00::100", true)]
    [InlineData("LISTEN 0      128             [::]:80           [::]:*", "fd00::100", true)]
    [InlineData("LISTEN 0      128             [::]:80           [::]:*", "10.0.0.100", false)]
    [InlineData("LISTEN 0      128       10.0.0.100:80        0.0.0.0:*", "10.0.0.100", true)]
    [InlineData("LISTEN 0      128        10.0.0.10:80        0.0.0.0:*", "10.0.0.100", false)]
    [InlineData("LISTEN 0      128     0.0.0.0%eth1:80        0.0.0.0:*", "10.0.0.100", false)]
    [InlineData("LISTEN 0      128     0.0.0.0%eth0:80        0.0.0.0:*", "10.0.0.100", true)]
    [InlineData("LISTEN 0      128      [fd00::100]:80           [::]:*", "fd00:0::100", true)]
    public void Accepts_Listener_DependsOnItsAddress(string line, string vip, bool expected) =>
        Assert.Equal(expected, SocketList.Parse(line).Any(l => SocketList.Accepts(l, IPAddress.Parse(vip), "eth0")));

    [Fact]
    public void Parse_EstablishedWithoutStateColumn_IsTheLocalEnd() =>
        Assert.Equal(
            [IPAddress.Parse("10.0.0.100"), IPAddress.Parse("10.0.0.100"), IPAddress.Parse("fd00::100")],
            SocketList.Parse("""
                0      0             10.0.0.100:80        10.0.0.5:51234
                0      0    [::ffff:10.0.0.100]:80   [::ffff:10.0.0.5]:51236
                0      36          [fd00::100]:443         [fd00::5]:40000
                """).Select(l => l.Address!));
}
