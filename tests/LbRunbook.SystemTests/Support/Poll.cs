using Xunit;

namespace LbRunbook.SystemTests.Support;

internal static class Poll
{
    /// <summary>
    /// Reads until the condition holds, or fails with the last value that was read. Most reads are processes on several hosts: asked
    /// without a pause they would take the time from what is waited for.
    /// </summary>
    public static async Task<T> UntilAsync<T>(
        Func<Task<T>> read, Func<T, bool> condition, Func<T, string> show, int seconds = 30, int everyMilliseconds = 150)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
        while (true)
        {
            var value = await read();
            if (condition(value))
                return value;
            if (TimeProvider.System.GetUtcNow() > deadline)
                Assert.Fail($"not within {seconds} s; last: {show(value)}");
            await Task.Delay(everyMilliseconds, TestContext.Current.CancellationToken);
        }
    }
}
