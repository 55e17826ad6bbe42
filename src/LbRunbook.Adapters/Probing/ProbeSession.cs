using System.Collections.Concurrent;
using LbRunbook.Core.Probing;

namespace LbRunbook.Adapters.Probing;

/// <summary>One measurement: the sending thread, the deadlines, the connections.</summary>
internal sealed class ProbeSession(ProbeTarget target, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);
    private readonly ProbeOptions _options = target.Options;
    private readonly SendSchedule _schedule = new(target.Options.Rps, target.Options.Duration);
    private readonly ProbeRecorder _recorder = new();
    private readonly ProbeExchange _exchange = new(target);
    private readonly ConcurrentStack<ProbeConnection> _connections = new();

    /// <summary>In the order of their deadlines, since all have the same timeout. Only the sending thread touches it.</summary>
    private readonly Queue<(TimeSpan At, long Sequence, ProbeConnection Connection)> _deadlines = new();
    private readonly long _start = time.GetTimestamp();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private int _inFlight;

    private TimeSpan Elapsed => time.GetElapsedTime(_start);

    public ProbeProgress Progress(TimeSpan? total) => _recorder.Progress(Elapsed, total);

    /// <summary>Blocks until the measurement is over.</summary>
    public ProbeReport Run(CancellationToken stop)
    {
        long next = 0;
        while (!_schedule.Ended(next) && !stop.IsCancellationRequested)
        {
            var due = _schedule.DueAt(next);
            var now = Elapsed;
            if (due <= now)
                Send(next++, due, now);
            ExpireUntil(now);
            if (!_schedule.Ended(next))
                PreciseSleep.Wait(UntilNext(_schedule.DueAt(next)), stop);
        }
        var endedEarly = !_schedule.Ended(next);
        var duration = endedEarly ? Elapsed : Max(Elapsed, _schedule.DueAt(next));
        Drain(stop);
        return _recorder.Finish(Prober.RunOf(_options, _startedAt), next, duration, Elapsed, endedEarly);
    }

    public void Dispose()
    {
        while (_deadlines.TryDequeue(out var late))
            late.Connection.Expire(late.Sequence);
        while (_connections.TryPop(out var connection))
            connection.Dispose();
    }

    private void Send(long sequence, TimeSpan due, TimeSpan now)
    {
        if (Volatile.Read(ref _inFlight) >= _options.InFlightLimit)
        {
            _recorder.Add(new(sequence, due, TimeSpan.Zero, FailureKind.Overload));
            return;
        }
        Interlocked.Increment(ref _inFlight);
        _recorder.Sent(now - due);
        if (!_connections.TryPop(out var connection))
            connection = new(target);
        connection.Begin(sequence);
        _deadlines.Enqueue((now + _options.Timeout, sequence, connection));
        _ = RequestAsync(connection, sequence, due);
    }

    private async Task RequestAsync(ProbeConnection connection, long sequence, TimeSpan due)
    {
        ProbeVerdict verdict;
        try
        {
            verdict = await _exchange.RunAsync(connection);
        }
        catch (Exception e)
        {
            verdict = new(FailureKind.Other, Detail: e.Message); // a request without a sample would vanish from the count
        }
        var latency = Elapsed - due;
        connection.End();
        _recorder.Add(new(sequence, due, latency, verdict.Failure, verdict.Who), verdict.Detail);
        if (!_options.KeepAlive || !verdict.Reusable || connection.Expired)
            connection.Close();
        _connections.Push(connection);
        Interlocked.Decrement(ref _inFlight);
    }

    private void ExpireUntil(TimeSpan now)
    {
        while (_deadlines.TryPeek(out var first) && first.At <= now)
        {
            _deadlines.Dequeue();
            first.Connection.Expire(first.Sequence);
        }
    }

    private TimeSpan UntilNext(TimeSpan due)
    {
        var wake = _deadlines.TryPeek(out var first) && first.At < due ? first.At : due;
        return wake - Elapsed;
    }

    /// <summary>A measurement that ran its time waits for every answer or timeout; one that was stopped waits a moment.</summary>
    private void Drain(CancellationToken stop)
    {
        TimeSpan? limit = null;
        while (Volatile.Read(ref _inFlight) > 0)
        {
            var now = Elapsed;
            if (stop.IsCancellationRequested)
                limit ??= now + Grace;
            if (now >= limit)
                return;
            ExpireUntil(now);
            PreciseSleep.Wait(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
