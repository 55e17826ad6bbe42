using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>An agent that powers a node off, and another way to log in, which works unless the test says otherwise.</summary>
internal sealed class FakeFencing(FakeFleet fleet) : IFencing
{
    /// <summary>Nodes whose other address is cut off as well.</summary>
    public HashSet<string> OtherWayCut { get; } = [];

    public async Task<FenceReport> FenceAsync(Node node, FenceMethod method, IReadOnlyList<VirtualIp> vips, CancellationToken cancellation)
    {
        try
        {
            return await fleet.Faults.CallAsync(new("fence", node.Name, method.Name), () => Fence(node, method, vips),
                new(true, true, "exit code 0"), cancellation);
        }
        catch (AdapterException e)
        {
            return new(Acted: true, Worked: false, e.Message);
        }
    }

    public Task<CheckResult?> ConfirmAsync(Node node, FenceMethod method, CancellationToken cancellation) =>
        fleet.Faults.CallAsync(new("fence.confirm", node.Name, method.Name),
            () => method.Confirm is null
                ? null
                : new CheckResult(!fleet[node.Name].OnWire, TimeSpan.Zero, fleet[node.Name].OnWire ? "power is on" : "power is off"), null,
                cancellation);

    public Task<bool> GaveUpAsync(Node node, AddressFence over, IReadOnlyList<VirtualIp> vips, CancellationToken cancellation) =>
        Task.FromResult(!OtherWayCut.Contains(node.Name) && fleet[node.Name].OnWire && !vips.Any(fleet[node.Name].Holds));

    private FenceReport Fence(Node node, FenceMethod method, IReadOnlyList<VirtualIp> vips)
    {
        switch (method)
        {
            case AddressFence when OtherWayCut.Contains(node.Name):
                return new(Acted: false, Worked: false, "no route to host");
            case AddressFence:
                fleet[node.Name].Addresses.RemoveAll(a => vips.Any(v => FakeFleet.Same(a.Address, v.Address)));
                return new(Acted: true, Worked: true, "taken away");
            case CommandFence:
                fleet[node.Name].Kill();
                return new(Acted: true, Worked: true, "exit code 0");
            default:
                return new(Acted: false, Worked: false, "no provider");
        }
    }
}
