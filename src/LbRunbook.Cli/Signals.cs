using System.Runtime.InteropServices;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli;

/// <summary>
/// The one place that hears signals. INT, TERM, HUP (the terminal or the way to it is gone) and QUIT ask: the verb's token is cancelled,
/// and it cleans up as long as it needs. The library's own handling would end the process two seconds after the signal. PIPE is ignored by
/// the runtime; what a closed pipe means is decided where it is written to.
/// </summary>
internal sealed class Signals : IDisposable
{
    /// <summary>The first asks, the second is the mutations' "leave at once"; whoever says it a third time means it for any verb.</summary>
    private const int Impatient = 3;

    private static readonly PosixSignal[] Asking = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<int> _leave;
    private Action<int>? _instead;
    private int _count;

    private Signals(Action<int> leave) => _leave = leave;

    public CancellationToken Token => _source.Token;

    /// <summary>130, or 143 when it was TERM; of the last signal.</summary>
    public int ExitCode { get; private set; } = Core.Plans.ExitCode.Interrupted;

    /// <param name="lastWords">Writes out what was said, before the process ends in the middle of it all.</param>
    public static Signals OfProcess(Action lastWords)
    {
        var signals = new Signals(code =>
        {
            lastWords();
            Environment.Exit(code);
        });
        foreach (var signal in Asking)
            signals._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                signals.Raise(context.Signal);
            }));
        return signals;
    }

    /// <summary>Of nobody: for tests, which raise them.</summary>
    /// <param name="leave">What the end of the process is there.</param>
    public static Signals None(Action<int>? leave = null) => new(leave ?? (_ => { }));

    /// <summary>What a verb does at each signal in place of ending at the third, until the result is disposed.</summary>
    public IDisposable Instead(Action<int> policy)
    {
        _instead = policy;
        return new Ending(() => _instead = null);
    }

    /// <summary>
    /// Ctrl-Z is refused until the result is disposed: who is stopped between two holders leaves both, and a shell's job is easily
    /// forgotten.
    /// </summary>
    public IDisposable WithoutSuspending(Action refused)
    {
        if (_registrations.Count == 0 || OperatingSystem.IsWindows())
            return new Ending(() => { });
        return PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            refused();
        });
    }

    public void Leave(int code) => _leave(code);

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    internal void Raise(PosixSignal signal)
    {
        ExitCode = signal == PosixSignal.SIGTERM ? Core.Plans.ExitCode.Terminated : Core.Plans.ExitCode.Interrupted;
        var count = Interlocked.Increment(ref _count);
        try
        {
            if (_instead is { } policy)
                policy(ExitCode);
            else if (count >= Impatient)
                Leave(ExitCode);
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // What was to be interrupted was over first.
        }
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
