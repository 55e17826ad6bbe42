using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Ports;

/// <summary>The machines that backends run on, where their configuration has <c>ssh</c> and a service.</summary>
public interface IBackendHosts
{
    Task<ServiceState> ReadAsync(Backend backend, CancellationToken cancellation);

    /// <summary>Looks without changing anything: login, unit, and under sudo whether the rules allow a restart.</summary>
    /// <returns>Null = it can be restarted; else why not.</returns>
    Task<string?> WhyNotRestartAsync(Backend backend, CancellationToken cancellation);

    /// <param name="kill">An earlier stop did not end in time: its processes are killed first.</param>
    /// <param name="patience">For the service to stop and to start.</param>
    /// <param name="cancellation">Ends the waiting; systemd goes on with what it began.</param>
    Task RestartAsync(Backend backend, bool kill, TimeSpan patience, CancellationToken cancellation);

    /// <summary>A check made on the backend's own machine, at the address that the proxies use.</summary>
    Task<CheckResult> CheckAsync(Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation);
}
