using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Backends;

/// <summary>
/// A question that is asked while everything is looked at, and not waited for longer than that: a dead node keeps nobody.
/// </summary>
internal static class BesideTheLook
{
    private static readonly TimeSpan Longer = TimeSpan.FromMilliseconds(300);

    /// <param name="otherwise">The answer when there is none, given why.</param>
    /// <param name="cancellation">Somebody does not want it any more.</param>
    public static async Task<T> AskAsync<T>(
        Task looking, Func<CancellationToken, Task<T>> ask, Func<string, T> otherwise, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var asked = ask(limit.Token);
            await Task.WhenAny(asked, LongerThanAsync(looking, time, limit.Token));
            return asked.IsCompleted ? await asked : otherwise("no answer in time");
        }
        catch (AdapterException e)
        {
            return otherwise(e.Message);
        }
        finally
        {
            limit.Cancel();
        }
    }

    private static async Task LongerThanAsync(Task looking, TimeProvider time, CancellationToken limit)
    {
        await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Task.Delay(Longer, time, limit)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }
}
