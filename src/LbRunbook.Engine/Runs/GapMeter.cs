using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Runs;

/// <summary>What a new client would have seen while a run went on. It never stands in the run's way.</summary>
internal sealed class GapMeter : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<TrafficGap?>? _running;

    private GapMeter(Func<CancellationToken, Task<TrafficGap?>>? measure) => _running = measure?.Invoke(_stop.Token);

    /// <param name="clients">Who measures; null = nobody.</param>
    /// <param name="vip">Through which; null = none.</param>
    public static GapMeter Start(IClientProbe? clients, VirtualIp? vip) =>
        new(clients is null || vip is null ? null : stop => clients.MeasureAsync(vip, stop));

    /// <returns>Null when nothing could be measured.</returns>
    public async Task<TrafficGap?> StopAsync()
    {
        _stop.Cancel();
        return _running is null ? null : await _running;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
