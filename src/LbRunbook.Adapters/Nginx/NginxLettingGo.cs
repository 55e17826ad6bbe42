using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Nginx;

/// <summary>nginx has nothing that could be switched while it runs: its clients go with its old workers.</summary>
internal sealed class NginxLettingGo(Node node, IRemoteShell shell) : IPoliteClosing
{
    public Task<PoliteClosing> ReadAsync(CancellationToken cancellation) =>
        Task.FromResult(new PoliteClosing(HasMap: false, Closing: false));

    public Task SetAsync(bool closing, CancellationToken cancellation) =>
        throw new AdapterException(node.Name, "close map", $"nginx on {node.Name} has no close map");

    public async Task<WorkerRenewal> LookAtRenewalAsync(CancellationToken cancellation) =>
        new(await new NginxReload(shell).WhyNotAsync(node, cancellation), Keeps: false, null);

    public Task RenewWorkersAsync(CancellationToken cancellation) => new NginxReload(shell).RunAsync(node, cancellation);
}
