using LbRunbook.Adapters.Processes;
using Xunit;

namespace LbRunbook.SystemTests.Support;

/// <summary>A process with several threads goes on for a moment after SIGSTOP was sent: until each of them has noticed.</summary>
internal static class StoppedProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Stops it, and comes back when none of its threads runs any more, or all have ended.</summary>
    public static void Stop(int pid)
    {
        Assert.True(Signal.Send(pid, Signal.Stop), $"there is no process {pid}");
        Assert.True(SpinWait.SpinUntil(() => StandsStill(pid), Patience), $"process {pid} does not stop");
    }

    private static bool StandsStill(int pid)
    {
        try
        {
            // The state stands behind the name, which may hold anything.
            return Directory.GetDirectories($"/proc/{pid}/task").Select(t => File.ReadAllText($"{t}/stat"))
                .All(s => s[s.LastIndexOf(')') + 2] is 'T' or 't' or 'Z' or 'X');
        }
        catch (IOException)
        {
            // A thread, or all of it, ended meanwhile: asked again.
            return !Directory.Exists($"/proc/{pid}");
        }
    }
}
