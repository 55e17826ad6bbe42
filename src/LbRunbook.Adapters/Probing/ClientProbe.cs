using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Probing;

/// <summary>New connections from this machine through virtual IPs, by their own checks.</summary>
internal sealed class ClientProbe(TimeProvider time) : IClientProbe
{
    /// <summary>20 ms between attempts: fine enough for a gap of a tenth of a second, no load for the balancer.</summary>
    private const double Rps = 50;

    /// <summary>Of all addresses together: forty of them must not become a load test of the node that has just taken them.</summary>
    private const double MostRps = 200;

    public async Task<IReadOnlyList<TrafficGap>> MeasureAsync(IReadOnlyList<VirtualIp> vips, CancellationToken stop)
    {
        var rps = Math.Min(Rps, MostRps / Math.Max(1, vips.Count));
        var each = await Task.WhenAll(vips.Select(v => MeasureAsync(v, rps, stop)));
        return [.. each.OfType<TrafficGap>()];
    }

    private async Task<TrafficGap?> MeasureAsync(VirtualIp vip, double rps, CancellationToken stop)
    {
        var http = vip.EffectiveCheck as HttpCheck;
        try
        {
            var report = await new Prober(time).RunAsync(new ProbeOptions
            {
                Uri = VipUrl.Of(vip),
                Host = http?.Host,
                Method = http?.Method ?? "GET",
                Insecure = true,
                Rps = rps,
                Timeout = TimeSpan.FromSeconds(1),
                Duration = TimeSpan.FromMinutes(10),
            }, null, stop);
            return report.Requests == 0
                ? null
                : new(report.Target, report.Requests, report.Failed, report.LongestOutage?.DurationMs ?? 0) { Vip = vip.Name };
        }
        catch (AdapterException)
        {
            return null;
        }
    }
}
