namespace LbRunbook.Core.Text;

/// <summary>
/// The time limit of every pattern here, in milliseconds. It is wall time: a process that is stopped in the middle of a match (SIGSTOP, a
/// paused machine, a closed lid) must not die of it when it goes on. The patterns themselves take no more than linear time.
/// </summary>
public static class Patterns
{
    public const int Patience = 86_400_000;
}
