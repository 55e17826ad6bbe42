using System.ComponentModel;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using LbRunbook.Adapters.Processes;

namespace LbRunbook.Adapters.Wire;

/// <summary>How this machine reaches an address.</summary>
/// <param name="OnLink">Directly, without a router: then it can be asked for on the wire.</param>
/// <param name="Gateway">The router on the way; null = none.</param>
/// <param name="IsLocal">The address is this machine's own.</param>
internal sealed record LocalRoute(string Interface, bool OnLink, bool IsLocal, string? Gateway = null)
{
    /// <returns>Null = no route, or not a Linux machine with iproute2.</returns>
    public static async Task<LocalRoute?> ToAsync(IPAddress address, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var result = await ChildProcess.RunAsync(
                new("ip", ["-j", "route", "get", address.ToString()]) { Timeout = TimeSpan.FromSeconds(1) }, cancellation);
            return result.Ok ? Parse(result.Output) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    public static LocalRoute? Parse(string json)
    {
        try
        {
            if (JsonNode.Parse(json) is not JsonArray { Count: > 0 } routes || routes[0] is not JsonObject route
                || (string?)route["dev"] is not { } device)
                return null;
            var local = (string?)route["type"] == "local";
            return new(device, !local && !route.ContainsKey("gateway") && !route.ContainsKey("via"), local, (string?)route["gateway"]);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
