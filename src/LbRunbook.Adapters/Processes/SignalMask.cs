using System.Runtime.InteropServices;

namespace LbRunbook.Adapters.Processes;

/// <summary>
/// Holds INT back on this thread, and in what it starts meanwhile: a process inherits the mask of the thread that starts it.
/// </summary>
internal sealed partial class SignalMask : IDisposable
{
    private const int Block = 0;
    private const int SetMask = 2;

    /// <summary>sigset_t of glibc and musl: 1024 bits, the lowest one for signal 1.</summary>
    private const int Words = 16;

    private readonly ulong[] _before = new ulong[Words];
    private readonly bool _blocked;

    private SignalMask()
    {
        var interrupt = new ulong[Words];
        interrupt[0] = 1UL << (Signal.Interrupt - 1);
        _blocked = pthread_sigmask(Block, interrupt, _before) == 0;
    }

    /// <summary>To be disposed of on the same thread, so nothing may be awaited between.</summary>
    public static SignalMask WithoutInterrupt() => new();

    public void Dispose()
    {
        if (_blocked)
            _ = pthread_sigmask(SetMask, _before, new ulong[Words]);
    }

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, [In] ulong[] set, [Out] ulong[] before);
}
