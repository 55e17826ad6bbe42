using System.Runtime.InteropServices;

namespace LbRunbook.Adapters.Probing;

/// <summary>
/// Sleeps with the kernel's precision (about 50 µs). The runtime's own waits are whole milliseconds, which would add
/// half a millisecond to every latency, since latency counts from the scheduled time.
/// </summary>
internal static partial class PreciseSleep
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    /// <summary>May return early: the caller looks at its clock.</summary>
    public static void Wait(TimeSpan time, CancellationToken stop)
    {
        if (time <= TimeSpan.Zero)
            return;
        if (time > Short)
            stop.WaitHandle.WaitOne(time - Short / 2);
        else if (OperatingSystem.IsWindows())
            stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds)));
        else
            _ = nanosleep(new Timespec(0, (nint)(time.Ticks * 100)), 0);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Timespec(nint Seconds, nint Nanoseconds);

    [LibraryImport("libc")]
    private static partial int nanosleep(in Timespec request, nint remaining);
}
