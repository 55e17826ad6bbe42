using LbRunbook.Core.Ports;
using LbRunbook.Core.Probing;

namespace LbRunbook.Adapters.Probing;

/// <summary>
/// Open-loop traffic: requests leave on a fixed clock whatever happens to those before them, and latency counts from the
/// time a request was due. A server that stalls therefore shows up in every request that it kept waiting, not in one.
/// </summary>
internal sealed class Prober(TimeProvider time)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(100);

    /// <param name="progress">At most ten times a second, never two at once, and never on the sending thread: a slow terminal must not
    /// delay traffic.</param>
    /// <param name="stop">Ends the measurement early; the report comes all the same. Requests in flight get up to half a second.</param>
    /// <exception cref="AdapterException">The host name does not resolve: nothing can be measured.</exception>
    public async Task<ProbeReport> RunAsync(ProbeOptions options, Action<ProbeProgress>? progress, CancellationToken stop)
    {
        ProbeTarget target;
        try
        {
            target = await ProbeTarget.ResolveAsync(options, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new ProbeRecorder().Finish(RunOf(options, time.GetUtcNow()), 0, TimeSpan.Zero, TimeSpan.Zero, endedEarly: true);
        }
        using var session = new ProbeSession(target, time);
        await using var ticker = progress is null ? null : Tick(session, options, progress);
        // A thread of its own: the schedule must not queue behind the thread pool that handles the answers.
        return await Task.Factory.StartNew(() => session.Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    internal static ProbeRun RunOf(ProbeOptions options, DateTimeOffset startedAt) =>
        new(options.Uri.ToString(), options.Mode, startedAt, options.Rps, options.Timeout);

    private ITimer Tick(ProbeSession session, ProbeOptions options, Action<ProbeProgress> progress)
    {
        var busy = 0;
        return time.CreateTimer(_ =>
        {
            if (Interlocked.Exchange(ref busy, 1) == 1)
                return;
            try
            {
                progress(session.Progress(options.Duration));
            }
            finally
            {
                Volatile.Write(ref busy, 0);
            }
        }, null, ProgressEvery, ProgressEvery);
    }
}
