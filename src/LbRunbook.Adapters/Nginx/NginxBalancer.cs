using LbRunbook.Adapters.Checks;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Nginx;

/// <summary>
/// One open-source nginx. "Drain" and "maintenance" are both <c>down</c>: new workers send nothing there, old ones finish what they have.
/// </summary>
internal sealed class NginxBalancer(Node node, IRemoteShell shell) : IBalancer
{
    private readonly NginxClient _client = new(shell);
    private readonly NginxChange _change = new(node, shell);

    public IPoolMembers Members { get; } = new NginxMembers(node, shell);
    public IPoliteClosing Closing { get; } = new NginxLettingGo(node, shell);

    public Task<ProxyState> ReadAsync(CancellationToken cancellation) => _client.ReadAsync(node, cancellation);

    public Task<string?> TestConfigurationAsync(CancellationToken cancellation) => _client.TestConfigurationAsync(node, cancellation);

    public Task SetStateAsync(ServerName server, AdminState state, CancellationToken cancellation) =>
        _change.RunAsync(files => NginxUpstreamEdit.SetDown(files, server, down: state != AdminState.Ready),
            state == AdminState.Maint ? NginxPatience.Urgent : NginxPatience.Gentle, cancellation);

    public Task SetWeightAsync(ServerName server, int weight, CancellationToken cancellation) =>
        _change.RunAsync(files => NginxUpstreamEdit.SetWeight(files, server, weight), NginxPatience.Gentle, cancellation);

    // There is no such thing: nobody sees one there, and nobody asks.
    public Task SetAgentAsync(ServerName server, bool speaks, CancellationToken cancellation) => Task.CompletedTask;

    public Task EndSessionsAsync(ServerName server, CancellationToken cancellation) =>
        throw new AdapterException(node.Name, "cutting sessions",
            $"{node.Name} runs open-source nginx, which cannot cut the sessions with one server");

    // What nginx does is what its file says.
    public Task<string?> WhyNotKeptAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    public Task KeepAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<CheckResult> CheckAsync(Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation) =>
        RemoteCheck.RunAsync(shell, node, pool, backend, timeout, cancellation);
}
