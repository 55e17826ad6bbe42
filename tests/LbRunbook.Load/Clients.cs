using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LbRunbook.Load;

/// <summary>
/// Strict clients: busy keep-alive connections, long downloads and new connections at once. Nothing is ever tried twice:
/// a connection that the server closes under a client's hands counts, which ordinary clients hide by a second attempt.
/// </summary>
internal sealed class Clients(IPEndPoint target, int keepAlive, int downloads, int newPerSecond) : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource _stop = new();
    private readonly Tally _tally = new();
    private int _served;

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();

    /// <param name="ready">Called once when every client has been served.</param>
    public async Task<string> RunAsync(Action ready)
    {
        // Bounded, whatever becomes of whoever started it.
        _stop.CancelAfter(TimeSpan.FromMinutes(5));
        var clients = Enumerable.Range(0, keepAlive).Select(_ => KeepAliveAsync())
            .Concat(Enumerable.Range(0, downloads).Select(_ => DownloadAsync()))
            .Append(NewAsync()).ToList();
        while (Volatile.Read(ref _served) < keepAlive + downloads + (newPerSecond > 0 ? 10 : 0) && !_stop.IsCancellationRequested)
            await Task.Delay(10);
        ready();
        await Task.WhenAll(clients);
        return _tally.ToJson(downloads);
    }

    private async Task KeepAliveAsync()
    {
        Connection? connection = null;
        while (!_stop.IsCancellationRequested)
        {
            connection ??= new Connection(target);
            var reused = connection.Used;
            var reusable = false;
            await CountedAsync(async cancellation =>
            {
                var answer = await connection.GetAsync("/whoami", cancellation);
                reusable = answer.Reusable;
                if (!reused)
                    Interlocked.Increment(ref _served);
                return answer;
            }, reused ? "keep-alive" : "new keep-alive");
            if (!reusable)
            {
                connection.Dispose();
                connection = null;
            }
            await Task.Delay(2);
        }
        connection?.Dispose();
    }

    /// <summary>
    /// One after the other: at least one is under way whenever something happens; the last one is finished after the stop.
    /// </summary>
    private async Task DownloadAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var connection = new Connection(target);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            try
            {
                await connection.GetAsync("/slow", limit.Token, onHead: () => Interlocked.Increment(ref _served));
                _tally.Download(null);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                _tally.Download(Tally.KindOf(e));
                await Task.Delay(50);
            }
        }
    }

    private async Task NewAsync()
    {
        var clock = Stopwatch.StartNew();
        var pending = new List<Task>();
        for (long sent = 0; newPerSecond > 0 && !_stop.IsCancellationRequested; sent++)
        {
            var due = TimeSpan.FromSeconds((double)sent / newPerSecond);
            if (due - clock.Elapsed is { Ticks: > 0 } wait)
                await Task.Delay(wait);
            pending.RemoveAll(t => t.IsCompleted);
            pending.Add(OneAsync());
        }
        await Task.WhenAll(pending);
    }

    private async Task OneAsync()
    {
        using var connection = new Connection(target);
        await CountedAsync(async cancellation =>
        {
            var answer = await connection.GetAsync("/whoami", cancellation, close: true);
            Interlocked.Increment(ref _served);
            return answer;
        }, "new");
    }

    private async Task CountedAsync(Func<CancellationToken, Task<Answer>> request, string kind)
    {
        using var limit = new CancellationTokenSource(RequestTimeout);
        try
        {
            _tally.Request((await request(limit.Token)).ServedBy);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            _tally.Failure($"{kind}: {Tally.KindOf(e)}");
        }
    }
}
