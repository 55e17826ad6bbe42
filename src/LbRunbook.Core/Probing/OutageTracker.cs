namespace LbRunbook.Core.Probing;

/// <summary>
/// An outage, as a client sees it: from the scheduled start of the last success before a failure to the completion of
/// the next success, both in the order of the schedule. It is an upper bound of the time without service, within one
/// interval of the rate. Before a first success it begins at the first failure; without a next success it ends with the measurement.
/// </summary>
internal sealed class OutageTracker
{
    private TimeSpan? _lastSuccess;
    private TimeSpan? _from;
    private long _failures;

    public Outage? Longest { get; private set; }
    public int Count { get; private set; }

    /// <summary>Samples in the order of their schedule.</summary>
    public void Add(in ProbeSample sample)
    {
        if (!sample.Ok)
        {
            _from ??= _lastSuccess ?? sample.Scheduled;
            _failures++;
            return;
        }
        End(sample.Completed, recovered: true);
        _lastSuccess = sample.Scheduled;
    }

    /// <summary>The measurement is over: an outage that is still open ends here.</summary>
    public void Finish(TimeSpan end) => End(end, recovered: false);

    private void End(TimeSpan at, bool recovered)
    {
        if (_from is not { } from)
            return;
        var outage = new Outage(from, at > from ? at : from, _failures, recovered);
        Count++;
        if (Longest is null || outage.Duration > Longest.Duration)
            Longest = outage;
        _from = null;
        _failures = 0;
    }
}

/// <param name="Failures">Requests lost in it.</param>
/// <param name="Recovered">False when the measurement ended first.</param>
internal sealed record Outage(TimeSpan Start, TimeSpan End, long Failures, bool Recovered)
{
    public TimeSpan Duration => End - Start;
}
