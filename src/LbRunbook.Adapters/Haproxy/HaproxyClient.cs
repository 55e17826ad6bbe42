using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>One HAProxy: what it says over its sockets, and its configuration test.</summary>
internal sealed class HaproxyClient(IRemoteShell shell)
{
    private readonly AdminSocket _socket = new(shell);

    /// <summary>Never throws for a proxy that does not answer or answers nonsense.</summary>
    public async Task<ProxyState> ReadAsync(Node node, CancellationToken cancellation)
    {
        var workers = new MasterSocket(_socket).ReadAsync(node, cancellation);
        var path = node.Haproxy.Socket;
        var answer = await _socket.AskAsync(node, "admin socket", path, RuntimeReply.Question, cancellation);
        var master = await workers;
        if (answer.Text is null)
            return Silent(answer.Error, master);
        var reply = RuntimeReply.Parse(answer.Text);
        return Unusable(reply, answer.Text, path) is { } error
            ? Silent(error, master)
            : HaproxyState.Build(reply, master, path);
    }

    public Task<string?> TestConfigurationAsync(Node node, CancellationToken cancellation) =>
        ConfigurationTest.RunAsync(shell, node, [node.Haproxy.Binary, "-c", "-f", node.Haproxy.Config], "[ALERT]", cancellation);

    private static string? Unusable(RuntimeReply reply, string text, string path)
    {
        if (reply is { Info: null, Stat: null })
        {
            return reply.Denied ? $"admin socket {path} denies permission to read"
                : text.Trim().Length == 0 ? $"admin socket {path} closed the connection without an answer"
                : $"admin socket {path} does not speak HAProxy: \"{Shown(text)}\"";
        }
        if (reply is not { Info: { Complete: true, Pid: > 0 }, Stat.Complete: true } || reply.Servers is { Complete: false })
            return $"admin socket {path} gave a truncated answer ({text.Length} characters)";
        return null;
    }

    private static string Shown(string text)
    {
        var line = Printable.Line(text);
        return line.Length > 80 ? line[..79] + "…" : line;
    }

    private static ProxyState Silent(string? error, MasterView master) => new()
    {
        Kind = ProxyKind.Haproxy,
        Answers = false,
        Error = error,
        OldWorkers = master.OldWorkers,
        Notes = master.Notes,
    };
}
