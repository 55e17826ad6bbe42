using System.Runtime.InteropServices;

namespace LbRunbook.Cli;

/// <summary>
/// INT and TERM cancel the verb's token, and the verb cleans up as long as it needs; mutations have a policy of their own on top of
/// it (<see cref="Runs.Interrupts"/>). The library's own handling would end the process two seconds after the signal.
/// </summary>
internal sealed class TerminationToken : IDisposable
{
    /// <summary>The first asks, the second is the mutations' "leave at once"; whoever says it a third time means it for any verb.</summary>
    private const int Impatient = 3;

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    public TerminationToken()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>130 or 143, of the last signal.</summary>
    public int ExitCode { get; private set; } = Output.ExitCode.Interrupted;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        ExitCode = context.Signal == PosixSignal.SIGTERM ? Output.ExitCode.Terminated : Output.ExitCode.Interrupted;
        if (Interlocked.Increment(ref _count) >= Impatient)
            Environment.Exit(ExitCode);
        _source.Cancel();
    }
}
