using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Fencing;

/// <summary>The gentlest fence: the node's own commands, over another way to it.</summary>
internal sealed class AddressFencing(IVirtualIps vips, IKeepalived keepalived)
{
    public async Task<FenceReport> TakeAwayAsync(
        Node node, AddressFence over, IReadOnlyList<VirtualIp> addresses, CancellationToken cancellation)
    {
        var there = over.Over(node);
        var acted = false;
        try
        {
            var held = await HeldAsync(there, addresses, cancellation);
            // It would take the address back within a second.
            var stopped = await StopOwnerAsync(there, held, cancellation);
            foreach (var vip in held)
            {
                acted = true;
                await vips.RemoveAsync(there, vip, cancellation);
            }
            return new(acted || stopped, Worked: true,
                $"{(stopped ? "keepalived was stopped; " : "")}"
                    + $"{(held.Count == 0 ? "it held no virtual IP" : $"{string.Join(", ", held.Select(v => v.Name))} taken away")}");
        }
        catch (AdapterException e)
        {
            return new(acted, Worked: false, e.Message);
        }
    }

    public async Task<bool> GaveUpAsync(Node node, AddressFence over, IReadOnlyList<VirtualIp> addresses, CancellationToken cancellation)
    {
        try
        {
            return (await HeldAsync(over.Over(node), addresses, cancellation)).Count == 0;
        }
        catch (AdapterException)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<VirtualIp>> HeldAsync(Node there, IReadOnlyList<VirtualIp> addresses, CancellationToken cancellation)
    {
        var read = await vips.ReadAsync(there, cancellation);
        return [.. addresses.Where(v => read.Any(a => IPAddress.TryParse(a.Address, out var parsed) && parsed.Equals(v.Address)))];
    }

    private async Task<bool> StopOwnerAsync(Node there, IReadOnlyList<VirtualIp> held, CancellationToken cancellation)
    {
        if (held.Count == 0 || await keepalived.ReadAsync(there, cancellation) is not { Runs: true } owner)
            return false;
        // One whose configuration cannot be read may own any of them.
        if (owner.Error is null && !held.Any(v => owner.InstanceOf(v) is not null))
            return false;
        await keepalived.StopAsync(there, kill: owner.Frozen, cancellation);
        return true;
    }
}
