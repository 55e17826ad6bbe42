namespace LbRunbook.Cli.Runs;

/// <summary>
/// First signal: nothing new starts, the run's policy applies. Second: out at once, after saying how to go on.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly Signals _signals;
    private readonly Action<string> _say;
    private readonly IDisposable _policy;
    private int _count;

    /// <param name="signals">Where they come from.</param>
    /// <param name="say">One line for the operator, at once.</param>
    public Interrupts(Signals signals, Action<string> say)
    {
        (_signals, _say) = (signals, say);
        _policy = signals.Instead(OnSignal);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>130 or 143, of the first signal; null = none came.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Printed at the second signal: the run id and the command that goes on from here.</summary>
    public string? LastWords { get; set; }

    /// <summary>From here on something may be half done.</summary>
    public IDisposable WithoutSuspending() => _signals.WithoutSuspending(() =>
        _say("not suspended: this run is in the middle of a change (Ctrl-C finishes the step under way and stops)"));

    public void Dispose()
    {
        _policy.Dispose();
        _source.Dispose();
    }

    private void OnSignal(int code)
    {
        if (Interlocked.Increment(ref _count) == 1)
        {
            ExitCode = code;
            _say("interrupted: finishing the step under way, starting nothing new (again to leave at once)");
            _source.Cancel();
            return;
        }
        _say(LastWords ?? "left at once: nothing was changed");
        _signals.Leave(code);
    }
}
