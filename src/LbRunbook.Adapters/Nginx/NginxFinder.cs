using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Nginx;

/// <summary>Looks for the nginx of a node among the processes that are there.</summary>
internal static class NginxFinder
{
    /// <exception cref="Core.Ports.AdapterException">The node could not be asked.</exception>
    public static async Task<NginxDaemon> FindAsync(IRemoteShell shell, Node node, CancellationToken cancellation)
    {
        var command = RemoteCommand.Script(
            EmbeddedScript.Read("process-place.sh", "nginx-find.sh"), node.Nginx.Binary, node.Nginx.PidFile, node.Nginx.Config)
            with { Name = "looking for nginx" };
        return NginxChoice.Of(node, NginxProcesses.Parse((await shell.RunAsync(RemoteHost.Of(node), command, cancellation)).Output));
    }
}
