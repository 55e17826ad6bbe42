namespace LbRunbook.TestKit;

/// <summary>
/// A clock that goes on by itself when nobody has anything else to do: what waits for seconds takes none, and the same test takes the same
/// way every time. All continuations run on the calling thread, so that "nobody has anything to do" can be seen.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly PriorityQueue<VirtualTimer, (long Due, long Number)> _timers = new();
    private readonly DateTimeOffset _start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    private long _now;
    private long _number;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => _start + TimeSpan.FromTicks(_now);

    /// <param name="work">What to do, with this clock.</param>
    /// <param name="isOver">It is left where it stands as soon as this says so: the process was killed.</param>
    /// <returns>Its result; default when it was left.</returns>
    public T? Run<T>(Func<Task<T>> work, Func<bool>? isOver = null)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Context(_ready));
        try
        {
            var task = work();
            while (!task.IsCompleted)
            {
                if (isOver?.Invoke() == true)
                    return default;
                if (_ready.TryDequeue(out var next))
                    next.Callback(next.State);
                else if (_timers.TryDequeue(out var timer, out var at))
                    Fire(timer, at.Due);
                else
                    throw new InvalidOperationException("it waits for something that never comes");
            }
            return isOver?.Invoke() == true ? default : task.GetAwaiter().GetResult();
        }
        finally
        {
            // What is left of a killed process does not go on in the next one.
            _ready.Clear();
            _timers.Clear();
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Fire(VirtualTimer timer, long due)
    {
        // Changed or disposed of since.
        if (timer.Due != due)
            return;
        _now = Math.Max(_now, due);
        timer.Fire();
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Due = dueTime < TimeSpan.Zero ? null : time._now + dueTime.Ticks;
            if (Due is { } due)
                time._timers.Enqueue(this, (due, time._number++));
            return true;
        }

        public void Fire()
        {
            Change(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan, _period);
            callback(state);
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Context(Queue<(SendOrPostCallback Callback, object? State)> ready) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => ready.Enqueue((d, state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);
    }
}
