using System.Diagnostics;
using LbRunbook.SystemTests.Support;

namespace LbRunbook.SystemTests.Sudo;

/// <summary>Asks every address again and again, each time over a new connection.</summary>
internal sealed class VipClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero,
        ConnectTimeout = Patience })
    {
        Timeout = Patience,
    };
    private readonly Dictionary<string, Seen> _seen;
    private readonly List<Task> _asking;

    public VipClient(IReadOnlyList<string> addresses)
    {
        _seen = addresses.ToDictionary(a => a, _ => new Seen());
        _asking = [.. addresses.Select(AskAsync)];
    }

    private sealed class Seen
    {
        public string By = "";
        public Stopwatch Since = Stopwatch.StartNew();
        public TimeSpan LongestGap;
    }

    public TimeSpan LongestGap => _seen.Values.Max(s => s.LongestGap > s.Since.Elapsed ? s.LongestGap : s.Since.Elapsed);

    public Task ExpectServedByAsync(string node) => Poll.UntilAsync(
        () => Task.FromResult(string.Join(", ", _seen.Select(s => $"{s.Key} {s.Value.By}"))),
        _ => _seen.Values.All(s => s.By == node),
        now => now, seconds: 5);

    private async Task AskAsync(string address)
    {
        await Task.Yield();
        var seen = _seen[address];
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri($"http://{address}/health"), _end.Token);
                if (answer.IsSuccessStatusCode)
                {
                    if (seen.Since.Elapsed > seen.LongestGap)
                        seen.LongestGap = seen.Since.Elapsed;
                    seen.Since.Restart();
                    seen.By = string.Join(',', answer.Headers.GetValues("X-Served-By"));
                }
                await Task.Delay(10, _end.Token);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                // Shows as a gap.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_asking);
        _http.Dispose();
        _end.Dispose();
    }
}
