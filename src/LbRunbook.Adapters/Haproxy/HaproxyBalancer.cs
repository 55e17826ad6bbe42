using System.Collections.Concurrent;
using System.Globalization;
using LbRunbook.Adapters.Checks;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>One HAProxy: changes servers through its Runtime API.</summary>
internal sealed class HaproxyBalancer(Node node, IRemoteShell shell) : IBalancer
{
    /// <summary>
    /// Two servers of one node are changed side by side: whoever writes the file down last has to have read it after the other's change.
    /// </summary>
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> s_keeping = new();

    private readonly HaproxyAdmin _admin = new(shell);
    private readonly StateFile _stateFile = new(shell);
    private readonly HaproxyClient _client = new(shell);

    public IPoolMembers Members { get; } = new HaproxyMembers(node, shell);
    public IPoliteClosing Closing { get; } = new HaproxyClosing(node, shell);

    public Task<ProxyState> ReadAsync(CancellationToken cancellation) => _client.ReadAsync(node, cancellation);

    public Task<string?> TestConfigurationAsync(CancellationToken cancellation) => _client.TestConfigurationAsync(node, cancellation);

    public Task SetStateAsync(ServerName server, AdminState state, CancellationToken cancellation) =>
        SayAsync(server, $"set server {server} state {state.ToString().ToLowerInvariant()}", cancellation);

    public Task SetWeightAsync(ServerName server, int weight, CancellationToken cancellation) =>
        SayAsync(server, string.Create(CultureInfo.InvariantCulture, $"set server {server} weight {weight}"), cancellation);

    public Task SetAgentAsync(ServerName server, bool speaks, CancellationToken cancellation) =>
        SayAsync(server, $"{(speaks ? "enable" : "disable")} agent {server}", cancellation);

    public async Task EndSessionsAsync(ServerName server, CancellationToken cancellation)
    {
        await SayAsync(server, $"shutdown sessions server {server}", cancellation);
        await new MasterSocket(new(shell)).EndOldSessionsAsync(
            await HaproxyFinder.NodeAsync(shell, node, cancellation), server, cancellation);
    }

    public Task<string?> WhyNotKeptAsync(CancellationToken cancellation) => _stateFile.WhyNotAsync(node, cancellation);

    public async Task KeepAsync(CancellationToken cancellation)
    {
        var turn = s_keeping.GetOrAdd($"{node.Name} {node.Host}", _ => new(1, 1));
        await turn.WaitAsync(cancellation);
        try
        {
            await WriteDownAsync(cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task WriteDownAsync(CancellationToken cancellation)
    {
        var answer = await _admin.AskAsync(node, "show servers state", cancellation);
        if (answer.Text is null || ShowServersState.Parse(answer.Text.ReplaceLineEndings("\n")) is not { Complete: true })
            throw new AdapterException(node.Name, "show servers state",
                $"{node.Name}: the state of the servers cannot be read: {answer.Error ?? "its answer was cut off"}");
        await _stateFile.WriteAsync(node, answer.Text, cancellation);
    }

    public Task<CheckResult> CheckAsync(Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation) =>
        RemoteCheck.RunAsync(shell, node, pool, backend, timeout, cancellation);

    private async Task SayAsync(ServerName server, string command, CancellationToken cancellation)
    {
        HaproxyNames.Checked(node, server);
        var answer = await _admin.AskAsync(node, command, cancellation);
        if (answer.Text is null)
            throw new AdapterException(node.Name, command, $"{node.Name}: {answer.Error}", isTransient: true);
        if (HaproxyReply.Parse(answer.Text) is { Error: { } refusal })
            throw new AdapterException(node.Name, command, $"{node.Name}: {command}: {refusal}");
    }
}
