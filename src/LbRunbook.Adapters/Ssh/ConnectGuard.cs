using LbRunbook.Core.Ports;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// Stands before every new connection to one host, or to one of its sockets, so that whatever polls and retries above cannot hurt a
/// machine that is struggling already. An sshd that turns us away since too many are logging in is asked again, twice, a little later and
/// within a budget; nothing else is tried again here. Several failures in a row end the asking for a moment: whoever comes meanwhile gets
/// the last failure at once.
/// </summary>
internal sealed class ConnectGuard
{
    private const int FailuresUntilBreak = 5;

    /// <summary>Retries, not connections: a first attempt is never refused for want of it.</summary>
    private readonly RetryBudget _budget;
    private readonly ResiliencePipeline _pipeline;
    private AdapterException? _last;

    public ConnectGuard(TimeProvider time)
    {
        _budget = new(time, capacity: 3, refill: TimeSpan.FromSeconds(5));
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args =>
                    ValueTask.FromResult(args.Outcome.Exception is AdapterException e && SshFailure.IsThrottled(e) && _budget.TryTake()),
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                // A refused login is an answer: only what says nothing about us counts.
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is AdapterException { IsTransient: true }),
                FailureRatio = 1,
                MinimumThroughput = FailuresUntilBreak,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(1),
            })
            .Build();
    }

    /// <exception cref="AdapterException">As the connection failed, or as it last did.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> connect, CancellationToken cancellation)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await TryAsync(connect, token), cancellation);
        }
        catch (BrokenCircuitException) when (_last is { } last)
        {
            throw new AdapterException(last.Target, last.Operation,
                $"{last.Message} (not tried again for a moment, after {FailuresUntilBreak} failures in a row)", last.Reach,
                isTransient: true, last);
        }
    }

    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> connect, CancellationToken cancellation)
    {
        try
        {
            return await connect(cancellation);
        }
        catch (AdapterException e) when (e.IsTransient)
        {
            _last = e;
            throw;
        }
    }
}
