using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Probe;

/// <summary>A signal ends a measurement early, with its report; a second one ends the process.</summary>
internal sealed class ProbeStop : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly IDisposable _policy;

    public ProbeStop(Signals signals) => _policy = signals.Instead(code =>
    {
        if (_source.IsCancellationRequested)
            signals.Leave(code);
        _source.Cancel();
    });

    public CancellationToken Token => _source.Token;

    /// <summary>The one who started us over a connection is gone, or wants us to stop, when our input ends.</summary>
    public void AlsoAtEndOf(TextReader input)
    {
        var thread = new Thread(() =>
        {
            while (input.Read() >= 0)
            {
                // What it says does not matter.
            }
            try
            {
                _source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The measurement was over first.
            }
        }) { IsBackground = true };
        thread.Start();
    }

    public void Dispose()
    {
        _policy.Dispose();
        _source.Dispose();
    }
}
