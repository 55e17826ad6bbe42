using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Probing;

/// <summary>What a virtual IP's own check asks, as a URL.</summary>
internal static class VipUrl
{
    public static Uri Of(VirtualIp vip)
    {
        var host = vip.IsIPv6 ? $"[{vip.Address}]" : vip.Address.ToString();
        return vip.EffectiveCheck is HttpCheck http
            ? new Uri($"{(http.Tls ? "https" : "http")}://{host}:{vip.Port}{http.Path}")
            : new Uri($"tcp://{host}:{vip.Port}");
    }
}
