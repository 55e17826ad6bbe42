namespace LbRunbook.Adapters.Ssh;

/// <summary>So many at once, and then one every so often: a bucket that fills up again.</summary>
internal sealed class RetryBudget(TimeProvider time, int capacity, TimeSpan refill)
{
    private readonly Lock _gate = new();
    private double _left = capacity;
    private long _at = time.GetTimestamp();

    public bool TryTake()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(capacity, _left + (time.GetElapsedTime(_at, now) / refill));
            _at = now;
            if (_left < 1)
                return false;
            _left--;
            return true;
        }
    }
}
