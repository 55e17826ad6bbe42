using System.Text.Json.Nodes;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Vip;

/// <summary>What <c>ip -j addr</c> says.</summary>
/// <param name="Addresses">Every address with its interface and prefix length; one address may be there twice.</param>
/// <param name="Macs">Ethernet interface → MAC, lower case with colons.</param>
/// <param name="Flags">Interface → <c>UP</c>, <c>LOWER_UP</c>, <c>NO-CARRIER</c>…</param>
internal sealed record IpAddrJson(
    IReadOnlyList<HeldAddress> Addresses,
    IReadOnlyDictionary<string, string> Macs,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Flags)
{
    /// <exception cref="FormatException">It is not the JSON of iproute2.</exception>
    public static IpAddrJson Parse(string json)
    {
        JsonArray? links;
        try
        {
            // Old iproute2 prints nothing at all for "nothing".
            links = json.Trim().Length == 0 ? [] : JsonNode.Parse(json) as JsonArray;
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new FormatException("ip -j addr did not print JSON", e);
        }
        if (links is null)
            throw new FormatException("ip -j addr did not print a list");

        var addresses = new List<HeldAddress>();
        var macs = new Dictionary<string, string>();
        var flags = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var link in links.OfType<JsonObject>())
        {
            // With a filter, iproute2 prints an empty {} for every interface that has no match.
            if ((string?)link["ifname"] is not { } name)
                continue;
            flags[name] = [.. (link["flags"] as JsonArray ?? []).Select(f => (string?)f ?? "")];
            if ((string?)link["link_type"] == "ether" && (string?)link["address"] is { } mac)
                macs[name] = mac.ToLowerInvariant();
            foreach (var info in (link["addr_info"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if ((string?)info["local"] is { } local)
                    addresses.Add(new(name, local, (int?)info["prefixlen"] ?? 0, Has(info, "tentative"), Has(info, "dadfailed"),
                        Has(info, "secondary"), Has(info, "dynamic"), (string?)info["scope"] is null or "global"));
            }
        }
        return new(addresses, macs, flags);
    }

    private static bool Has(JsonObject info, string flag) => (bool?)info[flag] == true;
}
