namespace LbRunbook.Core.Probing;

/// <summary>
/// Takes samples in any order, from any thread, and puts them back into the order of the schedule for the trackers.
/// Memory is bounded by the requests in flight, not by the length of the measurement.
/// </summary>
internal sealed class ProbeRecorder
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, ProbeSample> _early = [];
    private readonly LatencyHistogram _latency = new();
    private readonly OutageTracker _outages = new();
    private readonly AnswererTracker _answerers = new();
    private readonly Dictionary<string, long> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _details = new(StringComparer.Ordinal);
    private long _next;
    private long _requests;
    private long _ok;
    private long _lateSends;
    private TimeSpan _latestSend;
    private string? _who;
    private bool _closed;

    /// <param name="detail">The system's words for a failure; the first of each kind is kept.</param>
    public void Add(in ProbeSample sample, string? detail = null)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _requests++;
            if (sample.Failure is { } failure)
            {
                _failures[failure] = _failures.GetValueOrDefault(failure) + 1;
                if (detail is not null)
                    _details.TryAdd(failure, detail);
            }
            else
            {
                _ok++;
                _latency.Add(sample.Latency);
            }
            _who = sample.Who ?? _who;
            if (sample.Sequence != _next)
            {
                _early.Add(sample.Sequence, sample);
                return;
            }
            Track(sample);
            while (_early.Remove(_next, out var following))
                Track(following);
        }
    }

    /// <summary>A request left; how long after its time.</summary>
    public void Sent(TimeSpan lateness)
    {
        lock (_gate)
        {
            if (lateness > SendSchedule.LateAfter)
                _lateSends++;
            if (lateness > _latestSend)
                _latestSend = lateness;
        }
    }

    public ProbeProgress Progress(TimeSpan elapsed, TimeSpan? total)
    {
        lock (_gate)
            return new(elapsed, total, _requests, _requests - _ok, _who, _latency.Percentile(95));
    }

    /// <summary>Closes the books: what arrives later does not count.</summary>
    /// <param name="scheduled">How many requests came due; those without a sample are reported as unfinished.</param>
    /// <param name="end">End of the measurement, answers waited for included: where an open outage ends.</param>
    public ProbeReport Finish(ProbeRun run, long scheduled, TimeSpan duration, TimeSpan end, bool endedEarly)
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var sample in _early.Values.OrderBy(s => s.Sequence))
                Track(sample);
            _outages.Finish(end);
            var sent = scheduled - _failures.GetValueOrDefault(FailureKind.Overload);
            return new ProbeReport
            {
                Target = run.Target,
                Mode = run.Mode,
                StartedAt = run.StartedAt,
                DurationMs = Ms(duration),
                EndedEarly = endedEarly,
                RequestedRps = run.Rps,
                AchievedRps = duration > TimeSpan.Zero ? Math.Round(sent / duration.TotalSeconds, 1) : 0,
                TimeoutMs = Ms(run.Timeout),
                Requests = _requests,
                Ok = _ok,
                Failed = _requests - _ok,
                Unfinished = scheduled - _requests,
                Failures = _failures.OrderByDescending(f => f.Value).ThenBy(f => f.Key, StringComparer.Ordinal)
                    .ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal),
                FailureDetails = new Dictionary<string, string>(_details, StringComparer.Ordinal),
                LateSends = _lateSends,
                LatestSendMs = Ms(_latestSend),
                Latency = _ok == 0
                    ? null
                    : new(Ms(_latency.Percentile(50)), Ms(_latency.Percentile(95)), Ms(_latency.Percentile(99)), Ms(_latency.Max)),
                Outages = _outages.Count,
                LongestOutage = _outages.Longest is { } o
                    ? new(Ms(o.Duration), Ms(o.Start), Ms(o.End), run.StartedAt + o.Start, run.StartedAt + o.End, o.Failures, o.Recovered)
                    : null,
                Answerers = [.. _answerers.Answerers.Select(a => new ProbeAnswerer(a.Name, a.Count, Ms(a.First), Ms(a.Last)))],
                AnswererChanges = _answerers.ChangeCount,
                Changes = [.. _answerers.Changes.Select(c => new ProbeChange(Ms(c.At), c.From, c.To))],
            };
        }
    }

    private void Track(in ProbeSample sample)
    {
        _next = sample.Sequence + 1;
        _outages.Add(sample);
        _answerers.Add(sample);
    }

    private static double Ms(TimeSpan value) => Math.Round(value.TotalMilliseconds, 3);
}

/// <summary>What was measured: the part of the report that is known before the first request.</summary>
internal sealed record ProbeRun(string Target, string Mode, DateTimeOffset StartedAt, double Rps, TimeSpan Timeout);
