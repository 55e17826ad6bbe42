using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>HAProxy's close map through its admin socket; without one, a graceful change of workers.</summary>
internal sealed class HaproxyClosing(Node node, IRemoteShell shell) : IPoliteClosing
{
    private const string Key = "drain";
    private readonly HaproxyAdmin _admin = new(shell);

    public async Task<PoliteClosing> ReadAsync(CancellationToken cancellation)
    {
        if (node.Haproxy.CloseMap is not { } path)
            return new(false, false);
        var text = await AskAsync($"show map;show map {path}", cancellation);
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        // "0 (/etc/haproxy/lbctl.map) pattern loaded from file …", and "0x55… drain yes" for an entry.
        return new(
            lines.Any(l => l.Contains($"({path})", StringComparison.Ordinal)),
            lines.Any(l => l.StartsWith("0x", StringComparison.Ordinal) && l.Split(' ') is [_, Key, ..]));
    }

    public async Task SetAsync(bool closing, CancellationToken cancellation)
    {
        var path = node.Haproxy.CloseMap;
        var reply = HaproxyReply.Parse(await AskAsync(closing ? $"add map {path} {Key} yes" : $"del map {path} {Key}", cancellation));
        if (!reply.Ok)
            throw new AdapterException(node.Name, "close map", $"the close map of {node.Name} could not be changed: {reply.Error}");
    }

    public Task<WorkerRenewal> LookAtRenewalAsync(CancellationToken cancellation) =>
        new HaproxyRenewal(shell).LookAsync(node, cancellation);

    public Task RenewWorkersAsync(CancellationToken cancellation) => new HaproxyRenewal(shell).RunAsync(node, cancellation);

    private async Task<string> AskAsync(string question, CancellationToken cancellation)
    {
        var reply = await _admin.AskAsync(node, question, cancellation);
        return reply.Text ?? throw new AdapterException(node.Name, "close map", $"the close map of {node.Name}: {reply.Error}");
    }
}
