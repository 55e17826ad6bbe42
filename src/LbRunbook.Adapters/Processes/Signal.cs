using System.Runtime.InteropServices;

namespace LbRunbook.Adapters.Processes;

/// <summary>kill(2); .NET itself can only send KILL.</summary>
internal static partial class Signal
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <returns>False when there is no such process.</returns>
    public static bool Send(int pid, int signal) => kill(pid, signal) == 0;

    /// <summary>Signal 0 asks only whether the process exists.</summary>
    public static bool Exists(int pid) => kill(pid, 0) == 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
