using System.Net;
using LbRunbook.Adapters.Vip;
using LbRunbook.Adapters.Wire;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit.Contracts;

namespace LbRunbook.SystemTests.Vip;

public sealed class LinuxVirtualIpContractTests : VirtualIpContract
{
    private Segment? _segment;
    private LinuxVirtualIps? _virtualIps;
    private SegmentWire? _wire;

    protected override Fleet Fleet => _segment!.Fleet;
    protected override IVirtualIps VirtualIps => _virtualIps!;
    protected override IWire Wire => _wire!;

    public override async ValueTask InitializeAsync()
    {
        _segment = await Segment.StartAsync();
        _virtualIps = new(_segment.Shell);
        _wire = new(_segment.Fleet, _segment.Shell);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_segment is not null)
            await _segment.DisposeAsync();
    }

    protected override Task GiveAsync(Node node, IPAddress address, int prefixLength) =>
        _segment!.OnAsync(node.Name, "ip", "addr", "add", $"{address}/{prefixLength}", "dev", "eth0");
}
