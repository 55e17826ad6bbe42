using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Cli.Runs;

/// <summary>
/// First signal: nothing new starts, the run's policy applies. Second: out at once, after saying how to go on.
/// </summary>
internal sealed class Interrupts : IInterruption, IDisposable
{
    /// <summary>A subscriber that hangs (a journal on a dead disk) must not keep anybody from leaving.</summary>
    private static readonly TimeSpan Told = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _source = new();
    private readonly Signals _signals;
    private readonly IDisposable _policy;
    private int _count;

    /// <summary>Printed at the second signal: the run id and the command that goes on from here.</summary>
    private string? _lastWords;

    /// <param name="signals">Where they come from.</param>
    public Interrupts(Signals signals)
    {
        _signals = signals;
        _policy = signals.Instead(OnSignal);
    }

    public Action<string> Say { private get; set; } = _ => { };

    public CancellationToken Token => _source.Token;

    /// <summary>130 or 143, of the first signal; null = none came.</summary>
    public int? ExitCode { get; private set; }

    public IDisposable InTheMiddle(string lastWords)
    {
        _lastWords = lastWords;
        return _signals.WithoutSuspending(() =>
            Say("not suspended: this run is in the middle of a change (Ctrl-C finishes the step under way and stops)"));
    }

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
            Tell("interrupted: finishing the step under way, starting nothing new (again to leave at once)");
            _source.Cancel();
            return;
        }
        Tell(_lastWords ?? "left at once: nothing was changed");
        _signals.Leave(code);
    }

    private void Tell(string line) => Task.Run(() => Say(line)).Wait(Told);
}
