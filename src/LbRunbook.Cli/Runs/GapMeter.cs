using LbRunbook.Adapters.Probing;
using LbRunbook.Cli.Verbs.Probe;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Runs;

/// <summary>Keeps asking through a VIP while a run goes on: what a new client would have seen. It never stands in the run's way.</summary>
internal sealed class GapMeter(VirtualIp vip, TimeProvider time) : IDisposable
{
    /// <summary>20 ms between attempts: fine enough for a gap of a tenth of a second, no load for the balancer.</summary>
    private const double Rps = 50;

    private readonly CancellationTokenSource _stop = new();
    private Task<Core.Probing.ProbeReport>? _running;

    public void Start() => _running = new Prober(time).RunAsync(new ProbeOptions
    {
        Uri = ProbeUrl.Of(vip),
        Host = (vip.EffectiveCheck as HttpCheck)?.Host,
        Method = (vip.EffectiveCheck as HttpCheck)?.Method ?? "GET",
        Insecure = true,
        Rps = Rps,
        Timeout = TimeSpan.FromSeconds(1),
        Duration = TimeSpan.FromMinutes(10),
    }, null, _stop.Token);

    /// <returns>Null when nothing could be measured.</returns>
    public async Task<TrafficGap?> StopAsync()
    {
        if (_running is null)
            return null;
        await _stop.CancelAsync();
        try
        {
            var report = await _running;
            return report.Requests == 0 ? null
                : new(report.Target, report.Requests, report.Failed, report.LongestOutage?.DurationMs ?? 0);
        }
        catch (AdapterException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
