using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Fencing;

/// <summary>Fencing by what the configuration names.</summary>
internal sealed class NodeFencing(IVirtualIps vips, IKeepalived keepalived) : IFencing
{
    private readonly AddressFencing _byAddress = new(vips, keepalived);

    public Task<FenceReport> FenceAsync(
        Node node, FenceMethod method, IReadOnlyList<VirtualIp> addresses, CancellationToken cancellation) => method switch
    {
        AddressFence over => _byAddress.TakeAwayAsync(node, over, addresses, cancellation),
        CommandFence agent => FenceCommand.RunAsync(node, agent.Command, agent.Timeout, cancellation),
        _ => Task.FromResult(new FenceReport(Acted: false, Worked: false,
            $"{method.Name}: this build has no provider for it, so nothing was stopped")),
    };

    public async Task<CheckResult?> ConfirmAsync(Node node, FenceMethod method, CancellationToken cancellation)
    {
        if (method.Confirm is not { } command)
            return null;
        var started = TimeProvider.System.GetTimestamp();
        var report = await FenceCommand.RunAsync(node, command, method.Timeout, cancellation);
        return new(report.Worked, TimeProvider.System.GetElapsedTime(started), report.Detail);
    }

    public Task<bool> GaveUpAsync(Node node, AddressFence over, IReadOnlyList<VirtualIp> addresses, CancellationToken cancellation) =>
        _byAddress.GaveUpAsync(node, over, addresses, cancellation);
}
