using LbRunbook.SystemTests.Backends;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Scale;

/// <summary>The same on two real nginx, whose configuration is changed, tested and loaded.</summary>
public sealed class NginxScaleTests(NginxScaleLab lab) : IClassFixture<NginxScaleLab>
{
    private readonly BackendState _state = new(lab);

    [Fact]
    public async Task OutThenIn_UnderTraffic_NoRequestFailsAndTheFilesAreAsBefore()
    {
        using var op = await Operator.AtAsync(lab);
        var before = await _state.ReadAsync();
        using var probe = await LiveProbe.StartAsync(op.Segment, lab.Addresses.VipV4, path: "/whoami");

        await op.ExpectAsync(0, "scale-out", "--warm-up", "1s");
        var line = $"        server {lab.AddressOf("spare1")}:8080 weight=100 max_fails=3 fail_timeout=2s; # lbctl scale-out\n";
        Assert.Equal(2, (await _state.ReadAsync()).Split(line).Length - 1);
        await Poll.UntilAsync(() => _state.OutputAsync("client", "curl", "-s", $"http://{lab.Addresses.VipV4}/whoami"),
            who => who.Trim() == "spare1", who => who);

        await op.ExpectAsync(0, "scale-in", "--for", "20s");
        Assert.Equal(before, await _state.ReadAsync());
        Assert.Empty((await probe.StopAsync()).Failures);
    }
}
