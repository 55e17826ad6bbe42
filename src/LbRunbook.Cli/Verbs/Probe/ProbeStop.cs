using System.Runtime.InteropServices;

namespace LbRunbook.Cli.Verbs.Probe;

/// <summary>Ctrl-C ends a measurement early, with its report; a second one ends the process.</summary>
internal sealed class ProbeStop : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public ProbeStop()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = !_source.IsCancellationRequested;
                _source.Cancel();
            }));
    }

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
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }
}
