using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Probing;

/// <summary>New connections from this machine through a virtual IP, by its own check.</summary>
internal sealed class ClientProbe(TimeProvider time) : IClientProbe
{
    /// <summary>20 ms between attempts: fine enough for a gap of a tenth of a second, no load for the balancer.</summary>
    private const double Rps = 50;

    public async Task<TrafficGap?> MeasureAsync(VirtualIp vip, CancellationToken stop)
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
                Rps = Rps,
                Timeout = TimeSpan.FromSeconds(1),
                Duration = TimeSpan.FromMinutes(10),
            }, null, stop);
            return report.Requests == 0 ? null : new(report.Target, report.Requests, report.Failed, report.LongestOutage?.DurationMs ?? 0);
        }
        catch (AdapterException)
        {
            return null;
        }
    }
}
