using System.Net;
using LbRunbook.Adapters.Wire;
using Xunit;

namespace LbRunbook.Tests.Adapters.Wire;

public sealed class FrameTests
{
    private static readonly byte[] Mac = [0x02, 0, 0, 0, 0, 0x01];

    [Fact]
    public void ArpQuestion_Probe_IsRfc5227() =>
        Assert.Equal(
            "ffffffffffff" + "020000000001" + "0806" + "0001" + "0800" + "06" + "04" + "0001" + "020000000001" + "00000000"
                + "000000000000" + "0a000064",
            Convert.ToHexStringLower(ArpFrame.Question(Mac, IPAddress.Parse("10.0.0.100"))));

    [Fact]
    public void ArpAnswerer_OwnQuestion_IsNobody() =>
        Assert.Null(ArpFrame.Answerer(ArpFrame.Question(Mac, IPAddress.Parse("10.0.0.100")), IPAddress.Parse("10.0.0.100")));

    [Theory]
    [InlineData("10.0.0.100", true)]
    [InlineData("10.0.0.10", false)]
    public void ArpAnswerer_Reply_IsItsSender(string asked, bool matches)
    {
        var reply = Convert.FromHexString("020000000001" + "5ab1a8ea4b05" + "0806" + "0001080006040002" + "5ab1a8ea4b05" + "0a000064"
            + "020000000001" + "00000000");

        var who = ArpFrame.Answerer(reply, IPAddress.Parse(asked));

        Assert.Equal(matches ? "5ab1a8ea4b05" : null, who is null ? null : Convert.ToHexStringLower(who));
    }

    [Fact]
    public void NeighbourQuestion_FromLinkLocal_HasOptionAndValidChecksum()
    {
        var frame = NeighbourFrame.Question(Mac, IPAddress.Parse("fe80::1"), IPAddress.Parse("fd00::1234:5678"));

        Assert.Equal("3333ff345678" + "020000000001" + "86dd", Convert.ToHexStringLower(frame.AsSpan(0, 14)));
        Assert.Equal(255, frame[21]);
        Assert.Equal(IPAddress.Parse("ff02::1:ff34:5678"), new IPAddress(frame.AsSpan(38, 16)));
        Assert.Equal("0101020000000001", Convert.ToHexStringLower(frame.AsSpan(78)));
        Assert.Equal(0xffff, OnesComplementSum(frame.AsSpan(22), frame.Length - 54));
    }

    [Fact]
    public void NeighbourQuestion_FromUnspecified_HasNoOption() =>
        Assert.Equal(78, NeighbourFrame.Question(Mac, IPAddress.IPv6Any, IPAddress.Parse("fd00::1")).Length);

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(41)]
    [InlineData(77)]
    public void Answerer_ShortFrame_IsNobody(int length)
    {
        Assert.Null(ArpFrame.Answerer(new byte[Math.Min(length, 41)], IPAddress.Any));
        Assert.Null(NeighbourFrame.Answerer(new byte[length], IPAddress.IPv6Any));
    }

    // RFC 4443: addresses, length and next header, message; a valid one sums to all ones.
    private static int OnesComplementSum(ReadOnlySpan<byte> fromSource, int length)
    {
        var sum = length + 58;
        for (var i = 0; i < fromSource.Length; i += 2)
            sum += (fromSource[i] << 8) | fromSource[i + 1];
        while (sum > 0xffff)
            sum = (sum & 0xffff) + (sum >> 16);
        return sum;
    }
}
