using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace LbRunbook.Load;

/// <summary>What the clients saw.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (double First, double Last)> _servedBy = [];
    private long _requests;
    private int _complete;
    private int _broken;

    public void Request(string servedBy)
    {
        lock (_gate)
        {
            _requests++;
            var now = _clock.Elapsed.TotalMilliseconds;
            _servedBy[servedBy] = (_servedBy.TryGetValue(servedBy, out var seen) ? seen.First : now, now);
        }
    }

    public void Failure(string kind)
    {
        lock (_gate)
        {
            _requests++;
            _failures[kind] = _failures.GetValueOrDefault(kind) + 1;
        }
    }

    /// <param name="failure">Null = it came whole.</param>
    public void Download(string? failure)
    {
        lock (_gate)
        {
            if (failure is null)
            {
                _complete++;
                return;
            }
            _broken++;
            _failures[$"download: {failure}"] = _failures.GetValueOrDefault($"download: {failure}") + 1;
        }
    }

    public string ToJson(int downloads)
    {
        lock (_gate)
        {
            var failures = new JsonObject();
            foreach (var (kind, count) in _failures)
                failures[kind] = count;
            var servedBy = new JsonObject();
            foreach (var (name, seen) in _servedBy.OrderBy(s => s.Value.First))
                servedBy[name] = new JsonObject { ["firstAtMs"] = Math.Round(seen.First, 1), ["lastAtMs"] = Math.Round(seen.Last, 1) };
            return new JsonObject
            {
                ["startedAtUnixMs"] = _startedAt.ToUnixTimeMilliseconds(),
                ["requests"] = _requests,
                ["failed"] = _failures.Where(f => !f.Key.StartsWith("download", StringComparison.Ordinal)).Sum(f => f.Value),
                ["resets"] = _failures.Where(f => f.Key.EndsWith("reset", StringComparison.Ordinal)).Sum(f => f.Value),
                ["downloadsAtOnce"] = downloads,
                ["downloadsComplete"] = _complete,
                ["downloadsBroken"] = _broken,
                ["failures"] = failures,
                ["servedBy"] = servedBy,
            }.ToJsonString();
        }
    }

    public static string KindOf(Exception e) => e switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionReset }
            or { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset } } => "reset",
        SocketException s => s.SocketErrorCode.ToString(),
        OperationCanceledException => "timeout",
        _ => e.Message,
    };
}
