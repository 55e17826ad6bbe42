using System.Globalization;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Changes servers through the Runtime API.</summary>
internal sealed class HaproxyServers(IRemoteShell shell)
{
    private readonly AdminSocket _socket = new(shell);
    private readonly StateFile _stateFile = new(shell);

    public Task SetStateAsync(Node node, ServerName server, AdminState state, CancellationToken cancellation) =>
        SayAsync(node, server, $"set server {server} state {state.ToString().ToLowerInvariant()}", cancellation);

    public Task SetWeightAsync(Node node, ServerName server, int weight, CancellationToken cancellation) =>
        SayAsync(node, server, string.Create(CultureInfo.InvariantCulture, $"set server {server} weight {weight}"), cancellation);

    public async Task EndSessionsAsync(Node node, ServerName server, CancellationToken cancellation)
    {
        await SayAsync(node, server, $"shutdown sessions server {server}", cancellation);
        await new MasterSocket(_socket).EndOldSessionsAsync(node, server, cancellation);
    }

    public Task<string?> WhyNotKeptAsync(Node node, CancellationToken cancellation) => _stateFile.WhyNotAsync(node, cancellation);

    public async Task KeepAsync(Node node, CancellationToken cancellation)
    {
        var answer = await _socket.AskAsync(node, "admin socket", node.Haproxy.Socket, "show servers state", cancellation);
        if (answer.Text is null || ShowServersState.Parse(answer.Text.ReplaceLineEndings("\n")) is not { Complete: true })
            throw new AdapterException(node.Name, "show servers state",
                $"{node.Name}: the state of the servers cannot be read: {answer.Error ?? "its answer was cut off"}");
        await _stateFile.WriteAsync(node, answer.Text, cancellation);
    }

    private async Task SayAsync(Node node, ServerName server, string command, CancellationToken cancellation)
    {
        Checked(node, server);
        var answer = await _socket.AskAsync(node, "admin socket", node.Haproxy.Socket, command, cancellation);
        if (answer.Text is null)
            throw new AdapterException(node.Name, command, $"{node.Name}: {answer.Error}", isTransient: true);
        if (HaproxyReply.Parse(answer.Text) is { Error: { } refusal })
            throw new AdapterException(node.Name, command, $"{node.Name}: {command}: {refusal}");
    }

    /// <summary>Names come from the daemon or from configuration: a blank or a line end in one would be another command.</summary>
    public static ServerName Checked(Node node, ServerName server) => IsWord(server.Pool) && IsWord(server.Server) ? server
        : throw new AdapterException(node.Name, "set server",
            $"{node.Name}: '{Printable.Line(server.ToString())}' is no name that HAProxy takes");

    private static bool IsWord(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':');
}
