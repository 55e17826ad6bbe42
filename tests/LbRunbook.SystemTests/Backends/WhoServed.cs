using System.Collections.Concurrent;
using LbRunbook.SystemTests.Lab;

namespace LbRunbook.SystemTests.Backends;

/// <summary>Asks the virtual IP who it is, on a new connection each time, and remembers when it asked and what came back.</summary>
internal sealed class WhoServed : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<(DateTimeOffset Asked, string Answer)> _answers = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Patience };
    private readonly Task _asking;

    public WhoServed(LabFixture lab) => _asking = AskAsync($"http://{lab.Addresses.VipV4}/whoami");

    /// <summary>What was asked in between, by answer: "web2" → 120. A request that failed is "failed: …".</summary>
    public IReadOnlyDictionary<string, int> Between(DateTimeOffset from, DateTimeOffset to) =>
        _answers.Where(a => a.Asked >= from && a.Asked < to).GroupBy(a => a.Answer).ToDictionary(g => g.Key, g => g.Count());

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _asking;
        _client.Dispose();
        _end.Dispose();
    }

    private async Task AskAsync(string url)
    {
        List<Task> all = [];
        while (!_end.IsCancellationRequested)
        {
            all.Add(OneAsync(url));
            // A steady load, whatever becomes of the single request.
            await Task.Delay(20);
        }
        await Task.WhenAll(all);
    }

    private async Task OneAsync(string url)
    {
        var asked = DateTimeOffset.UtcNow;
        try
        {
            using var response = await _client.GetAsync(url);
            _answers.Add((asked,
                response.IsSuccessStatusCode
                    ? (await response.Content.ReadAsStringAsync()).Trim()
                    : $"failed: {(int)response.StatusCode}"));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            _answers.Add((asked, $"failed: {e.GetType().Name}"));
        }
    }
}
