using System.Diagnostics;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// Tells whether a host still answers, as ssh's ServerAliveInterval does, but only while something waits for it: asks when it has said
/// nothing for a second, and gives it up when the question is not answered in <see cref="SshArguments.Silence"/>.
/// </summary>
internal sealed class Pulse : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(SshArguments.AliveIntervalSeconds);

    private readonly Action _ask;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _waiting;
    private bool _beats;
    private long _heard = Stopwatch.GetTimestamp();

    /// <param name="ask">Blocks until the host answers, or the connection is gone.</param>
    public Pulse(Action ask) => _ask = ask;

    public Task Silent => _silent.Task;

    public void Begin()
    {
        lock (_gate)
        {
            if (_waiting++ == 0)
                Heard();
            if (_beats)
                return;
            _beats = true;
        }
        _ = BeatAsync();
    }

    public void End()
    {
        lock (_gate)
            _waiting--;
    }

    public void Heard() => Volatile.Write(ref _heard, Stopwatch.GetTimestamp());

    public void Dispose() => _end.Cancel();

    /// <summary>Ends when nobody waits any more; the next command begins it anew.</summary>
    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Tick, _end.Token);
                lock (_gate)
                {
                    if (_waiting == 0)
                    {
                        _beats = false;
                        return;
                    }
                }
                if (Stopwatch.GetElapsedTime(Volatile.Read(ref _heard)) >= Interval && !await AnswersAsync())
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            // The connection is over.
        }
    }

    private async Task<bool> AnswersAsync()
    {
        var asked = Task.Factory.StartNew(_ask, _end.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await Task.WhenAny(asked, Task.Delay(SshArguments.Silence, _end.Token)) == asked)
        {
            Heard();
            return true;
        }
        _end.Token.ThrowIfCancellationRequested();
        _silent.TrySetResult();
        return false;
    }
}
