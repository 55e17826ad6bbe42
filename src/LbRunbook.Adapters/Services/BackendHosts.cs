using LbRunbook.Adapters.Observing;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Services;

/// <summary>Backends' machines over SSH; their service is handled like a proxy's.</summary>
internal sealed class BackendHosts(IRemoteShell shell) : IBackendHosts
{
    private readonly NodeServices _services = new(shell);

    public Task<ServiceState> ReadAsync(Backend backend, CancellationToken cancellation) =>
        _services.ReadAsync(HostOf(backend), cancellation);

    public async Task<string?> WhyNotRestartAsync(Backend backend, CancellationToken cancellation)
    {
        if (backend.Ssh is null)
            return $"{backend.Name} has no ssh in the configuration, so its service cannot be restarted: add ssh and service to it";
        if (backend.Service is { Name: null, UsesSystemd: true, Restart: null })
            return $"{backend.Name} has no service in the configuration: add service: {{name: …}} to it";
        try
        {
            return await _services.WhyNotRestartAsync(HostOf(backend), cancellation);
        }
        catch (AdapterException e)
        {
            return e.Message;
        }
    }

    public Task RestartAsync(Backend backend, bool kill, TimeSpan patience, CancellationToken cancellation) =>
        _services.RestartAsync(HostOf(backend), kill, patience, cancellation);

    public async Task<CheckResult> CheckAsync(Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation)
    {
        var result = await shell.RunAsync(RemoteHost.Of(backend), LookScript.OneCheck(pool, backend, timeout), cancellation);
        return NodeChecks.One(result.Output, pool, timeout);
    }

    private static ServiceHost HostOf(Backend backend) => backend.Ssh is not null
        ? backend.Machine
        : throw new AdapterException(backend.Name, "ssh", $"{backend.Name} has no ssh in the configuration");
}
