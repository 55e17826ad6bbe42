using System.Runtime.InteropServices;

namespace LbRunbook.Adapters.Processes;

/// <summary>kill(2); .NET itself can only send KILL.</summary>
internal static partial class Signal
{
    public const int HangUp = 1;
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <returns>False when there is no such process.</returns>
    public static bool Send(int pid, int signal) => kill(pid, signal) == 0;

    /// <summary>Signal 0 asks only whether the process exists.</summary>
    public static bool Exists(int pid) => kill(pid, 0) == 0;

    /// <param name="mayNot">It exists, and is somebody else's.</param>
    public static bool Exists(int pid, out bool mayNot)
    {
        const int NotPermitted = 1;
        var exists = Exists(pid);
        mayNot = !exists && Marshal.GetLastPInvokeError() == NotPermitted;
        return exists;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
