using System.Runtime.InteropServices;

namespace LbRunbook.Cli.Runs;

/// <summary>
/// First INT or TERM: nothing new starts, the run's policy applies. Second: out at once, after saying how to go on.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<string> _say;
    private int _count;

    /// <param name="say">One line for the operator, at once.</param>
    public Interrupts(Action<string> say)
    {
        _say = say;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>130 or 143, of the first signal; null = none came.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Printed at the second signal: the run id and the command that goes on from here.</summary>
    public string? LastWords { get; set; }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        var code = context.Signal == PosixSignal.SIGTERM ? Output.ExitCode.Terminated : Output.ExitCode.Interrupted;
        if (Interlocked.Increment(ref _count) == 1)
        {
            ExitCode = code;
            _say("interrupted: finishing the step under way, starting nothing new (again to leave at once)");
            _source.Cancel();
            return;
        }
        _say(LastWords ?? "left at once: nothing was changed");
        Environment.Exit(code);
    }
}
