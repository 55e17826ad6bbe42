using System.Diagnostics;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Journal;

/// <summary>The process that carries a run out.</summary>
internal static class RunProcess
{
    /// <summary>A process on another machine cannot be asked: its run counts as going on.</summary>
    public static bool IsAlive(RunStarted start)
    {
        if (start.Host != Environment.MachineName)
            return true;
        try
        {
            using var process = Process.GetProcessById(start.Pid);
            // One that began after the run is somebody else with a reused number.
            return !process.HasExited && process.StartTime.ToUniversalTime() <= start.At.UtcDateTime.AddSeconds(1);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
