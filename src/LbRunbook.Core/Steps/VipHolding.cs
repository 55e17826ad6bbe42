using System.Net;
using System.Text.Json.Nodes;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>Whether one node carries one VIP: what both add and remove look at.</summary>
internal sealed record VipHolding(bool Held, bool Tentative, bool DadFailed, string Cidr, string Detail, JsonObject Before)
{
    public static async Task<VipHolding> ReadAsync(StepContext context, string vipName, string nodeName, CancellationToken cancellation)
    {
        var vip = context.Fleet.Vip(vipName);
        var node = context.Fleet.Node(nodeName);
        var addresses = await context.Ports.VirtualIps.ReadAsync(node, cancellation);
        // Addresses are compared as addresses: "fd00::1" and "fd00:0::1" are one, 10.0.0.10 is not 10.0.0.100.
        var found = addresses.Where(a => !a.Silent && IPAddress.TryParse(a.Address, out var parsed) && parsed.Equals(vip.Address)).ToList();
        var held = found.Count > 0;
        static string State(HeldAddress a) => a.DadFailed ? " (dadfailed)" : a.Tentative ? " (tentative)" : "";
        var detail = held
            ? $"{nodeName} holds {string.Join(" and ", found.Select(a => $"{a.Address}/{a.PrefixLength} on {a.Interface}{State(a)}"))}"
            : $"{nodeName} does not hold {vip.Address}";
        return new(held, found.Count > 0 && found.All(a => a.Tentative && !a.DadFailed), found.Any(a => a.DadFailed), vip.Cidr, detail,
            new JsonObject { ["held"] = held });
    }
}
