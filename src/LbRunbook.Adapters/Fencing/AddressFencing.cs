using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Fencing;

/// <summary>The gentlest fence: the node's own commands, over another way to it.</summary>
internal sealed class AddressFencing(IVirtualIps vips, INodeServices services)
{
    private const string Keepalived = "keepalived";

    public async Task<FenceReport> TakeAwayAsync(Node node, AddressFence over, IReadOnlyList<VirtualIp> addresses, CancellationToken cancellation)
    {
        var there = over.Over(node);
        var acted = false;
        try
        {
            var held = await HeldAsync(there, addresses, cancellation);
            // It would take the address back within a second.
            var stopped = held.Count > 0 && await StopKeepalivedAsync(there, cancellation);
            foreach (var vip in held)
            {
                acted = true;
                await vips.RemoveAsync(there, vip, cancellation);
            }
            return new(acted || stopped, Worked: true, $"{(stopped ? "keepalived was stopped; " : "")}{(held.Count == 0 ? "it held no virtual IP" : $"{string.Join(", ", held.Select(v => v.Name))} taken away")}");
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

    private async Task<bool> StopKeepalivedAsync(Node there, CancellationToken cancellation)
    {
        var node = there with { Service = new() { Name = Keepalived } };
        if (!(await services.ReadAsync(node, cancellation)).Active)
            return false;
        await services.StopAsync(node, cancellation);
        return true;
    }
}
