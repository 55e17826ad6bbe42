using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Runs;

/// <summary>
/// One list of subscribers. Each event reaches them in order, one at a time, with its time and without secrets; whatever one of them
/// cannot do, the others hear it and the run goes on.
/// </summary>
internal sealed class RunEvents(IReadOnlyList<IRunSubscriber> subscribers, TimeProvider time, Action<Exception> onBug)
{
    private readonly Lock _gate = new();
    private IReadOnlyList<IRunSubscriber> _subscribers = subscribers;

    /// <summary>The first to hear it from now on.</summary>
    public void AddFirst(IRunSubscriber subscriber)
    {
        lock (_gate)
            _subscribers = [subscriber, .. _subscribers];
    }

    public void Emit(RunEvent e) => Emit(e, except: null);

    public void Warn(string message) => Emit(new RunWarned(message));

    public IReadOnlyList<string> Unsaid(string runId, bool journaled) => [.. _subscribers.SelectMany(s => s.Unsaid(runId, journaled))];

    /// <summary>After the outcome: who reads the journal must know that nobody was told.</summary>
    public void TellWhoWasNotTold()
    {
        foreach (var deaf in _subscribers)
            if (deaf.OutcomeUnsaid() is { } unsaid)
                Emit(new RunWarned(unsaid), except: deaf);
    }

    private void Emit(RunEvent e, IRunSubscriber? except)
    {
        var told = EventRedaction.Apply(e.At == default ? e with { At = time.GetUtcNow() } : e);
        lock (_gate)
        {
            foreach (var subscriber in _subscribers)
            {
                if (subscriber == except)
                    continue;
                try
                {
                    subscriber.On(told);
                }
                catch (Exception x)
                {
                    onBug(x);
                }
            }
        }
    }
}
