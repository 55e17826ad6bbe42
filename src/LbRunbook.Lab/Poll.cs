using System.Diagnostics;

namespace LbRunbook.Lab;

internal static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <returns>False when the time ran out.</returns>
    public static async Task<bool> UntilAsync(TimeSpan limit, Func<Task<bool>> done, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!await done())
        {
            if (clock.Elapsed > limit)
                return false;
            await Task.Delay(Interval, cancellation);
        }
        return true;
    }
}
