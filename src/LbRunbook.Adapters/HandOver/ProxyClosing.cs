using LbRunbook.Adapters.Haproxy;
using LbRunbook.Adapters.Nginx;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.HandOver;

/// <summary>HAProxy's close map through its admin socket; else, as on nginx, a graceful change of workers.</summary>
internal sealed class ProxyClosing(IRemoteShell shell) : IPoliteClosing
{
    private const string Key = "drain";
    private readonly AdminSocket _socket = new(shell);

    public async Task<PoliteClosing> ReadAsync(Node node, CancellationToken cancellation)
    {
        if (node.Proxy != ProxyKind.Haproxy || node.Haproxy.CloseMap is not { } path)
            return new(false, false);
        var text = await AskAsync(node, $"show map;show map {path}", cancellation);
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        // "0 (/etc/haproxy/lbctl.map) pattern loaded from file …", and "0x55… drain yes" for an entry.
        return new(
            lines.Any(l => l.Contains($"({path})", StringComparison.Ordinal)),
            lines.Any(l => l.StartsWith("0x", StringComparison.Ordinal) && l.Split(' ') is [_, Key, ..]));
    }

    public async Task SetAsync(Node node, bool closing, CancellationToken cancellation)
    {
        var path = node.Haproxy.CloseMap;
        var reply = HaproxyReply.Parse(await AskAsync(node, closing ? $"add map {path} {Key} yes" : $"del map {path} {Key}", cancellation));
        if (!reply.Ok)
            throw new AdapterException(node.Name, "close map", $"the close map of {node.Name} could not be changed: {reply.Error}");
    }

    public Task<WorkerRenewal> LookAtRenewalAsync(Node node, CancellationToken cancellation) => node.Proxy == ProxyKind.Haproxy
        ? new HaproxyRenewal(shell).LookAsync(node, cancellation)
        : Task.FromResult(new WorkerRenewal(null, Keeps: false, null));

    public Task RenewWorkersAsync(Node node, CancellationToken cancellation) => node.Proxy == ProxyKind.Haproxy
        ? new HaproxyRenewal(shell).RunAsync(node, cancellation)
        : new NginxReload(shell).RunAsync(node, cancellation);

    private async Task<string> AskAsync(Node node, string question, CancellationToken cancellation)
    {
        var reply = await _socket.AskAsync(node, "admin socket", node.Haproxy.Socket, question, cancellation);
        return reply.Text ?? throw new AdapterException(node.Name, "close map", $"the close map of {node.Name}: {reply.Error}");
    }
}
