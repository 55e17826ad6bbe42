using LbRunbook.Core.Ports;
using LbRunbook.TestKit.Contracts;
using LbRunbook.TestKit.FakeNetwork;

namespace LbRunbook.Tests.TestKit;

public sealed class FakeLeaseContractTests : LeaseContract
{
    private readonly FakeLeases _fake = new();

    protected override ILeases Leases => _fake;

    protected override void Pass(TimeSpan time) => _fake.Now += time;

    protected override void Reboot(string node) => _fake.Reboot(node);
}
