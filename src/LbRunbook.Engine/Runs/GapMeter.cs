using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Runs;

/// <summary>What a new client would have seen while a run went on. It never stands in the run's way.</summary>
internal sealed class GapMeter : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<IReadOnlyList<TrafficGap>>? _running;

    private GapMeter(Func<CancellationToken, Task<IReadOnlyList<TrafficGap>>>? measure) => _running = measure?.Invoke(_stop.Token);

    /// <param name="clients">Who measures; null = nobody.</param>
    /// <param name="vips">Through which: all that may move, for which of them do is known when the look is over.</param>
    public static GapMeter Start(IClientProbe? clients, IReadOnlyList<VirtualIp> vips) =>
        new(clients is null || vips.Count == 0 ? null : stop => clients.MeasureAsync(vips, stop));

    /// <returns>Empty when nothing could be measured.</returns>
    public async Task<IReadOnlyList<TrafficGap>> StopAsync()
    {
        _stop.Cancel();
        return _running is null ? [] : await _running;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
