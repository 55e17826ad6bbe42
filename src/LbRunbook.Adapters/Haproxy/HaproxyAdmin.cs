using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>The admin socket: the configured one, or where that is not there, the one that the running HAProxy made.</summary>
internal sealed class HaproxyAdmin(IRemoteShell shell)
{
    private readonly AdminSocket _socket = new(shell);

    public async Task<SocketReply> AskAsync(Node node, string commands, CancellationToken cancellation)
    {
        var path = node.Haproxy.Socket;
        var answer = await _socket.AskAsync(node, "admin socket", path, commands, cancellation);
        // Only what was never asked may be asked again elsewhere; and who is silent here is not asked for more.
        if (answer.Text is not null || answer.IsLate || !await IsMissingAsync(node, path, cancellation))
            return answer;
        var others = await OthersAsync(node, cancellation);
        foreach (var other in others.Where(o => o != path))
        {
            if ((await _socket.AskAsync(node, "admin socket", other, commands, cancellation)).Text is { } text)
                return new(text, null) { Path = other };
        }
        return answer;
    }

    private async Task<bool> IsMissingAsync(Node node, string path, CancellationToken cancellation) =>
        await TryAsync(node, new("test", "!", "-e", path), cancellation) is { Ok: true };

    /// <summary>Those of level admin; a path that holds a variable is HAProxy's to resolve.</summary>
    private async Task<IReadOnlyList<string>> OthersAsync(Node node, CancellationToken cancellation)
    {
        var running = await HaproxyFinder.NodeAsync(shell, node, cancellation);
        var found = await TryAsync(node,
            new(["grep", "-rhE", "^[[:space:]]*stats[[:space:]]+socket[[:space:]]+", .. running.Haproxy.AllConfig]), cancellation);
        return
        [
            .. (found?.Output ?? "").Split('\n').Select(l => l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(w => w.Length > 2 && w[2].StartsWith('/') && Array.IndexOf(w, "level") is var at and > 0 && at + 1 < w.Length
                    && w[at + 1] == "admin")
                .Select(w => w[2]),
        ];
    }

    private async Task<RemoteResult?> TryAsync(Node node, RemoteCommand command, CancellationToken cancellation)
    {
        try
        {
            return await shell.RunAsync(RemoteHost.Of(node), command with { Timeout = AdminSocket.Patience }, cancellation);
        }
        catch (Core.Ports.AdapterException)
        {
            return null;
        }
    }
}
