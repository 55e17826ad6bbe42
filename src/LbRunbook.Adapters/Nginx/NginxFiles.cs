using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Nginx;

/// <summary>The configuration that the daemon was started with, as it is on disk, in its files.</summary>
internal static class NginxFiles
{
    /// <exception cref="Core.Ports.AdapterException">It cannot be read whole: nginx itself does not accept it.</exception>
    public static async Task<IReadOnlyList<NginxFile>> ReadAsync(
        IRemoteShell shell, Node node, NginxDaemon daemon, CancellationToken cancellation)
    {
        var host = RemoteHost.Of(node);
        var dump = await shell.RunAsync(host, new RemoteCommand(daemon.Call("-T")) { AsRoot = true }, cancellation);
        return dump.Ok ? NginxDump.Files(dump.Output)
            : throw RemoteFailure.Of(host, "nginx -T", dump,
                $"nginx -T on {node.Name} fails on the configuration as it is, so it was not touched: {Printable.Line(WhyOf(dump.Error))}");
    }

    /// <summary>nginx says why at first, and at last only that it failed.</summary>
    private static string WhyOf(string error)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(l => l.Contains("[emerg]", StringComparison.Ordinal) || l.Contains("[crit]", StringComparison.Ordinal))
            ?? lines.LastOrDefault() ?? "no reason given";
    }
}
