using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>
/// The server state file. HAProxy reads it when it starts or reloads, and never writes it: without it a drained server silently comes back.
/// </summary>
internal sealed class StateFile(IRemoteShell shell)
{
    public async Task<string?> WhyNotAsync(Node node, CancellationToken cancellation)
    {
        if (node.Haproxy.StateFile is not { } path)
            return $"no state file is configured for {node.Name} (haproxy: {{stateFile: …}})";
        var host = RemoteHost.Of(node);
        var files = (await HaproxyFinder.NodeAsync(shell, node, cancellation)).Haproxy.AllConfig;
        var config = string.Join(", ", files);
        var found = await shell.RunAsync(host,
            new(["grep", "-rhE", "^[[:space:]]*(server-state-file|load-server-state-from-file)[[:space:]]", .. files]), cancellation);
        // 1 = no such line.
        if (found.ExitCode > 1)
            return $"{config} on {node.Name} cannot be read: {Printable.Line(found.LastLine)}";
        var lines = found.Output.Split('\n').Select(l => l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (!lines.Any(l => l is ["server-state-file", var file, ..] && file == path))
            return $"{config} on {node.Name} lacks in its global section: server-state-file {path}";
        return lines.Any(l => l is ["load-server-state-from-file", "global", ..])
            ? null
            : $"{config} on {node.Name} lacks in its defaults section: load-server-state-from-file global";
    }

    /// <summary>Beside the file and renamed over it: a reload in this very moment reads the old one or the new one, whole.</summary>
    public async Task WriteAsync(Node node, string state, CancellationToken cancellation)
    {
        var path = node.Haproxy.StateFile
            ?? throw new AdapterException(node.Name, "state file", $"{node.Name} has no state file configured");
        var fresh = path + ".lbctl";
        await RunAsync(node, new("tee", fresh) { AsRoot = true, StandardInput = state.TrimEnd('\n') + "\n" }, cancellation);
        await RunAsync(node, new("mv", "-T", fresh, path) { AsRoot = true }, cancellation);
    }

    private async Task RunAsync(Node node, RemoteCommand command, CancellationToken cancellation)
    {
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host, command, cancellation);
        if (!result.Ok)
            throw RemoteFailure.Of(host, "writing the server state file", result);
    }
}
