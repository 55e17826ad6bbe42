using System.Diagnostics;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Checks;

/// <summary>One attempt from this machine, whatever the kind of check. What goes wrong is the result.</summary>
internal sealed class HealthChecks : IHealthChecks
{
    public async Task<CheckResult> CheckAsync(
        HealthCheck check, string host, int defaultPort, TimeSpan timeout, CancellationToken cancellation)
    {
        var port = check.PortOn(defaultPort);
        var clock = Stopwatch.StartNew();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        Verdict verdict;
        try
        {
            verdict = await (check switch
            {
                TcpCheck => TcpChecker.RunAsync(host, port, limit.Token),
                HttpCheck http => HttpChecker.RunAsync(http, host, port, limit.Token),
                CommandCheck command => CommandChecker.RunAsync(command, host, port, timeout, limit.Token),
                _ => throw new NotSupportedException(check.GetType().Name),
            });
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            verdict = new(false, $"no answer within {Durations.Format(timeout)}");
        }
        return new(verdict.Healthy, clock.Elapsed, verdict.Detail);
    }
}

internal sealed record Verdict(bool Healthy, string Detail);
